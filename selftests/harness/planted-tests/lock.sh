#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two locks are taken in both orders.
. "$(dirname "$0")/plant.inc"
check "the module works" use
check "the bug is made, if one is wanted" plant lock
