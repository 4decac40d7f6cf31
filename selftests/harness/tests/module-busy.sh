#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module cannot be unloaded afterwards: rmmod is replaced by one that is
# refused as it would be by a leaked reference.
. "$TOP/selftests/lib.sh"
ktap_plan 1
rm "$(command -v rmmod)"
cat >/usr/sbin/rmmod <<'END'
#!/bin/sh
echo "rmmod: ERROR: Module teach is in use" >&2
exit 1
END
chmod +x /usr/sbin/rmmod
ok "fine"
