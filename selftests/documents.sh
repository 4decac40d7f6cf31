#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What README.md, Documentation/ and teach(7) say is what the sources and the loaded
# module do: see documents.py.

exec python3 "$(dirname "$0")/documents.py"
