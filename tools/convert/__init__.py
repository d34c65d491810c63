"""Turns the TFLite models of the BlazePose family into ONNX: same numbers, free batch size, half the bytes."""

from pathlib import Path

import onnx

from .half_store import store_as_half
from .tflite_to_onnx import Conversion


def convert(source: Path, target: Path, outputs: dict[str, str], input_name: str) -> None:
    """Writes `source` (TFLite) to `target` (ONNX).

    `outputs` takes the name of each output to keep to its new name; what only other outputs need is left out.
    The same source gives the same bytes on every machine.
    """
    model = store_as_half(Conversion(source.read_bytes(), outputs, input_name).model)
    target.write_bytes(model.SerializeToString(deterministic=True))
    onnx.checker.check_model(str(target), full_check=True)
