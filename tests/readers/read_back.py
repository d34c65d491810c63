"""Reads a folder of results with other people's readers and compares every value with what was to be written.

usage: read_back.py FOLDER EXPECTED.json

EXPECTED.json: {file: {column: [value or null, ...]}}; coordinates of markers are columns like `RKnee.x`. Prints a line for each
reader and file; exits with 1 where a value is further off than TOLERANCE, is missing, or is there and should not be.
"""

import json
import math
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
from trc import TRCData

try:
    import opensim
except ImportError:
    opensim = None

TOLERANCE = 1e-6
AXES = "xy"


def by_pandas(path):
    read = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    return {name: read[name].tolist() for name in read.columns if read[name].dtype.kind in "fi"}


def by_pyarrow(path):
    table = pq.read_table(path)
    return {name: table[name].to_pylist() for name in table.column_names}


def by_trc_data_reader(path):
    data = TRCData()
    data.load(str(path))
    # Its lines are split at any blank, so that it knows no missing marker; files with one are for the others.
    columns = {f"{m}.{axis}": [at[i] for at in data[m]] for m in data["Markers"] for i, axis in enumerate(AXES)}
    return {"Time": data["Time"], **columns}


def by_pandas_as_pose2sim(path):
    """`read_trc` of Pose2Sim and Sports2D: the names from the fourth line, the points from the sixth on."""
    names = path.read_text().splitlines()[3].split("\t")[2:-1:3]
    points = pd.read_csv(path, sep="\t", skiprows=4)
    columns = {f"{m}.{axis}": points.iloc[:, 2 + 3 * k + i].tolist() for k, m in enumerate(names) for i, axis in enumerate(AXES)}
    return {"Time": points.iloc[:, 1].tolist(), **columns}


def by_pandas_as_sports2d(path):
    """A .mot is a table after its header."""
    header = path.read_text().splitlines().index("endheader")
    return by_columns(pd.read_csv(path, sep="\t", skiprows=header + 1))


def by_columns(table):
    return {name: table[name].tolist() for name in table.columns}


def mot_by_opensim(path):
    table = opensim.TimeSeriesTable(str(path))
    names = table.getColumnLabels()
    return {
        "time": list(table.getIndependentColumn()),
        **{n: [table.getDependentColumn(n)[i] for i in range(table.getNumRows())] for n in names},
    }


def trc_by_opensim(path):
    table = opensim.TimeSeriesTableVec3(str(path))
    columns = {"Time": list(table.getIndependentColumn())}
    for name in table.getColumnLabels():
        points = table.getDependentColumn(name)
        for i, axis in enumerate(AXES):
            columns[f"{name}.{axis}"] = [points[row].get(i) for row in range(table.getNumRows())]
    return columns


def readers(path, has_gaps):
    if path.suffix == ".csv":
        return [by_pandas]
    if path.suffix == ".parquet":
        return [by_pandas, by_pyarrow]
    if path.suffix == ".mot":
        return [by_pandas_as_sports2d] + [mot_by_opensim] * bool(opensim)
    whole = [] if has_gaps else [by_trc_data_reader]
    return [by_pandas_as_pose2sim] + whole + [trc_by_opensim] * bool(opensim)


def is_missing(value):
    return value is None or (isinstance(value, float) and math.isnan(value))


def faults(expected, found):
    for name, values in expected.items():
        if name not in found:
            yield f"no column {name}"
            continue
        if len(found[name]) != len(values):
            yield f"{name}: {len(found[name])} rows, not {len(values)}"
            continue
        for row, (wanted, read) in enumerate(zip(values, found[name], strict=True)):
            if is_missing(wanted) != is_missing(read) or (not is_missing(wanted) and abs(wanted - read) > TOLERANCE):
                yield f"{name}, row {row}: {read}, not {wanted}"
                break


def main(folder, expected):
    wrong = 0
    for name, columns in json.loads(expected.read_text()).items():
        has_gaps = any(value is None for values in columns.values() for value in values)
        values = sum(value is not None for values in columns.values() for value in values)
        for reader in readers(folder / name, has_gaps):
            found = list(faults(columns, reader(folder / name)))
            wrong += len(found)
            print(f"{'WRONG' if found else 'ok'} {name} {reader.__name__}: {len(columns)} columns, {values} values")
            print("".join(f"  {fault}\n" for fault in found[:5]), end="")
    return wrong


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1]), Path(sys.argv[2])) else 0)
