#!/bin/sh
# Segments of 500 accounts for customer success: sh run.sh [FOLDER] [ROWS]
set -eu
mkdir -p "${1:-cs_accounts}" && cd "${1:-cs_accounts}"

segmentry simulate accounts --users "${2:-500}" --output .
# A score of satisfaction is taken for an outcome; here it is one of the six columns asked for.
segmentry init customer_data.parquet --force --objective retention --role nps_score=cluster --output guessed.yaml
# Five or six segments were asked for.
sed -e 's/^  min: 4 /  min: 5 /' -e 's/^  max: 8 /  max: 6 /' guessed.yaml > segmentry.yaml

segmentry run
segmentry report --playbook
segmentry export code --output pipeline.py
python pipeline.py runs/latest/features.parquet labels.csv
