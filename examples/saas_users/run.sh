#!/bin/sh
# Segments of 50,000 users of an application: sh run.sh [FOLDER] [ROWS]
set -eu
mkdir -p "${1:-saas_users}" && cd "${1:-saas_users}"

segmentry simulate saas-users --users "${2:-50000}" --output .
segmentry init users.parquet --force --objective engagement

segmentry run
segmentry report --playbook
segmentry export code --output pipeline.py
python pipeline.py runs/latest/features.parquet labels.csv
