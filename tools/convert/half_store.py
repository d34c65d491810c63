"""Stores weights as 16-bit floats where that loses nothing.

The published weights are 16-bit floats to begin with; the conversion widens them. Here they go back into the file as
they came, each with a Cast that ONNX Runtime folds away when it loads the model: same outputs, half the bytes.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Below this many values a Cast costs more than it saves.
SMALLEST_ARRAY = 5


def store_as_half(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with every exactly representable array stored as 16-bit floats. Changes and returns `model`."""
    stored, casts = [], []
    for initializer in model.graph.initializer:
        half = exact_half(numpy_helper.to_array(initializer))
        if half is None:
            stored.append(initializer)
            continue
        name = f"{initializer.name}:half"
        stored.append(numpy_helper.from_array(half, name))
        casts.append(helper.make_node("Cast", [name], [initializer.name], to=TensorProto.FLOAT))
    nodes = casts + list(model.graph.node)
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(stored)
    model.graph.node.extend(nodes)
    return model


def exact_half(array: np.ndarray) -> np.ndarray | None:
    """The array as 16-bit floats; none if it is small, not of 32-bit floats, or would change."""
    if array.dtype != np.float32 or array.size < SMALLEST_ARRAY:
        return None
    with np.errstate(over="ignore"):
        half = array.astype(np.float16)
    return half if np.array_equal(half.astype(np.float32), array) else None
