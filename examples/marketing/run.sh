#!/bin/sh
# Segments of 50,000 customers of a shop, for its marketing: sh run.sh [FOLDER] [ROWS]
set -eu
mkdir -p "${1:-marketing}" && cd "${1:-marketing}"

segmentry simulate marketing --users "${2:-50000}" --output .
segmentry init customers.parquet --force --objective revenue --output guessed.yaml
# Six to eight segments were asked for.
sed -e 's/^  min: 4 /  min: 6 /' guessed.yaml > segmentry.yaml

segmentry run
segmentry report --playbook
segmentry export code --output pipeline.py
python pipeline.py runs/latest/features.parquet labels.csv
