#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module may sleep where it must not.
. "$(dirname "$0")/plant.inc"
check "the module works" use
check "the bug is made, if one is wanted" plant sleep
