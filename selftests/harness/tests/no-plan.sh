#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Ends well, but has shown nothing.
exit 0
