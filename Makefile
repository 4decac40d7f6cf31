# SPDX-License-Identifier: GPL-2.0-or-later
#
# Everything is built in build/, nothing in the source folders:
#	build/KVER/kmod/teach.ko   the module, one folder for each kernel
#	build/userspace/           libteach, teach, the examples
#	build/selftests/           test programs
#	build/linux/, build/kselftest/	parts of the kernel's source that tests and
#				   style checks use
#	build/test/                results of the last `make test`

# KDIR says which kernel, or KVER; otherwise it is the running kernel if modules
# can be built for it, else the newest that has headers installed.
ifdef KDIR
KVER ?= $(shell cat $(KDIR)/include/config/kernel.release)
endif
ifndef KVER
KVER := $(shell uname -r)
ifeq ($(wildcard /lib/modules/$(KVER)/build/Makefile),)
KVER := $(shell ls -d /lib/modules/*/build/Makefile 2>/dev/null | cut -d/ -f4 | sort -V | tail -n 1)
endif
endif
KDIR ?= /lib/modules/$(KVER)/build
PREFIX ?= /usr/local
DESTDIR ?=
BUILD := $(CURDIR)/build
KMOD := $(BUILD)/$(KVER)
export KVER KDIR PREFIX DESTDIR

# Sub-makes compile on every CPU; the goals here run one after the other.
MAKEFLAGS += --no-print-directory -j$(shell nproc)
.NOTPARALLEL:

.PHONY: all modules userspace examples selftests kselftest install uninstall \
	demo demo-resolution shell test test-all kunit coverage fuzz soak bench bench-neigh check clean help
.DEFAULT_GOAL := all

all: modules userspace ## build the module (for KVER or KDIR), the library, the CLI and the examples

# The module is built from links to the sources, so that kernels do not get in
# each other's way. When a source file is removed or renamed its link goes, and
# everything is compiled anew: kbuild does not miss a header that is gone.
modules: ## build teach.ko only
	@if [ -z "$(KVER)" ] || [ ! -e "$(KDIR)/Makefile" ]; then \
		echo "No kernel headers in '$(KDIR)': install linux-headers-amd64" \
		     "(scripts/deps does), or set KVER or KDIR." >&2; exit 1; fi
	@mkdir -p $(KMOD)
	@cp -Rsf $(CURDIR)/kmod $(CURDIR)/uapi $(KMOD)/
	@if find $(KMOD) -xtype l -print -delete | grep -q .; then \
		find $(KMOD) -name '*.o' -delete; fi
	+@$(MAKE) -C $(KDIR) M=$(KMOD)/kmod modules

userspace examples: ## build the library, the CLI and the examples only
	+@$(MAKE) -C userspace O=$(BUILD)/userspace

selftests: userspace kselftest ## build the test programs only
	+@$(MAKE) -C selftests O=$(BUILD)/selftests KSFT_INC=$(BUILD)/kselftest
	@$(MAKE) -s -C selftests list >$(BUILD)/selftests/tests

# The kernel's own headers for tests, from the linux-source package.
kselftest: $(BUILD)/kselftest/kselftest_harness.h

$(BUILD)/kselftest/kselftest_harness.h:
	@scripts/linux-source-files

install: all ## install all for PREFIX and, without DESTDIR, run depmod
	install -D -m 644 $(KMOD)/kmod/teach.ko \
		$(DESTDIR)/lib/modules/$(KVER)/updates/teach.ko
	strip --strip-debug $(DESTDIR)/lib/modules/$(KVER)/updates/teach.ko
	+@$(MAKE) -C userspace O=$(BUILD)/userspace install
	@for page in man/*.[1-9]; do [ -e "$$page" ] || continue; \
		d=$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}; \
		echo install -D -m 644 $$page $$d/$${page##*/}; \
		install -D -m 644 $$page $$d/$${page##*/} || exit 1; done
	@if [ -z "$(DESTDIR)" ]; then depmod $(KVER); ldconfig; fi

uninstall: ## remove what install put there
	rm -f $(DESTDIR)/lib/modules/$(KVER)/updates/teach.ko
	+@$(MAKE) -C userspace O=$(BUILD)/userspace uninstall
	@for page in man/*.[1-9]; do [ -e "$$page" ] || continue; \
		rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; done
	@if [ -z "$(DESTDIR)" ]; then depmod $(KVER); ldconfig; fi

demo: ## the story of one datagram, in a VM; installs what is missing
	@scripts/demo

demo-resolution: ## who has to read a question, by ARP and in the manner of NDP
	@scripts/demo --resolution

shell: ## the same VM, interactive: two hosts ready to try things with
	@scripts/demo --shell

test: ## run all tests in VMs (T=PATTERN: only some; KERNEL=6.1, 6.12 or debug)
	@scripts/test $(if $(KERNEL),--kernel $(KERNEL)) $(T)

test-all: ## run all tests on all three kernels, one after the other
	@scripts/test-all $(T)

kunit: ## run the unit tests of the module in user-mode Linux (T=SUITE: only that)
	@scripts/kunit $(T)

coverage: ## which lines of the module the tests reach, on the debug kernel
	@scripts/coverage $(T)

fuzz: ## throw mutated frames, messages and calls at the module (SECONDS=60, SEED=)
	@scripts/fuzz $(if $(SEED),--seed $(SEED)) $(or $(SECONDS),60)

soak: ## churn under traffic, on the debug kernel (MINUTES=1, KERNEL=, SEED=)
	@scripts/soak $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED)) \
		$(if $(KERNEL),--kernel $(KERNEL))

bench-neigh: ## measure the neighbour cache beside IPv4's
	@scripts/bench --neigh $(if $(filter command,$(origin KVER)),--kernel $(KVER))

bench: ## measure against UDP, AF_PACKET and UNIX datagrams (takes long)
	@scripts/bench $(if $(filter command,$(origin KVER)),--kernel $(KVER))

check: ## style checks: checkpatch, sparse, warnings, layers, man pages
	@scripts/check-style
	@scripts/check-layers --selftest
	@scripts/check-layers

clean: ## remove build/
	rm -rf $(BUILD)

help: ## show this
	@echo "make [GOAL] [KVER=release] [KDIR=dir] [PREFIX=dir] [DESTDIR=dir]"
	@awk -F':.*## ' '/^[a-z].*:.*## / { printf "  %-20s %s\n", $$1, $$2 }' Makefile
	@echo "KVER is $(KVER), PREFIX is $(PREFIX)"
