#!/usr/bin/env bash
#SBATCH --job-name=sledform
#SBATCH --array=1-4
#SBATCH --cpus-per-task=8
#SBATCH --mem=6G
#SBATCH --output=sledform-%A-%a.log
#SBATCH --requeue
# slurm-array.sh CLIPS RESULTS [OPTIONS...]   one part of a batch per task of the array:
#
#   sbatch --export=ALL,CLUSTER=$PWD/examples/cluster examples/cluster/slurm-array.sh /data/clips /data/results
#
# Any --array=1-N on sbatch's own command line splits into N parts. CLUSTER is this folder: Slurm runs a copy of this file.
set -euo pipefail
clips=$1 results=$2
shift 2
exec "$CLUSTER/part" "$clips" "$results" "$SLURM_ARRAY_TASK_ID" "$SLURM_ARRAY_TASK_COUNT" \
    --threads "${SLURM_CPUS_PER_TASK:-1}" "$@"
