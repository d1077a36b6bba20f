#!/bin/sh
# Why coGN is better: is it the connectivity, or the deeper message function? Two walks.
#
#     sh benchmarks/explain.sh depth --plan                  # what it costs
#     sh benchmarks/explain.sh depth                         # k 12/24 x 1/5 message layers
#     sh benchmarks/explain.sh architecture                  # CGCNN to coGN, 16 hybrids
#
# Flags after the walk's name go to ngn explain and come before those here. Interrupted,
# the same command goes on. Results: runs/explain_WALK/explain/.
set -eu
walk=${1:?"expected: depth or architecture"}
shift
here=$(dirname "$0")
case $walk in
depth)
    set -- "$here/explain/cogn_small.yaml" cogn --factors connectivity,depth --seeds 3 "$@"
    ;;
architecture)
    set -- cgcnn cogn --factors connectivity,embedding,message+depth,readout+training "$@"
    ;;
*)
    echo "$walk: expected depth or architecture" >&2
    exit 2
    ;;
esac
exec ngn explain --dataset matbench_phonons --epochs 60 --out "runs/explain_$walk" "$@"
