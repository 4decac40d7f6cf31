#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory is read after it was freed.
. "$(dirname "$0")/plant.inc"
check "the module works" use
check "the bug is made, if one is wanted" plant uaf
