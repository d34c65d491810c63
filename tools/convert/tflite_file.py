"""Reads a TFLite file: tensors, constants (16-bit, sparse) and the operators that the wanted outputs need."""

import numpy as np
import tflite

OPERATOR_NAMES = {
    code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)
}
NUMPY_TYPES = {
    tflite.TensorType.FLOAT32: "<f4",
    tflite.TensorType.FLOAT16: "<f2",
    tflite.TensorType.INT32: "<i4",
}
SPARSE_INDEX_CLASSES = {
    tflite.SparseIndexVector.Int32Vector: tflite.Int32Vector,
    tflite.SparseIndexVector.Uint16Vector: tflite.Uint16Vector,
    tflite.SparseIndexVector.Uint8Vector: tflite.Uint8Vector,
}


class TfliteFile:
    """The first subgraph of a TFLite model. Tensors are known by their index."""

    def __init__(self, content: bytes):
        self.model = tflite.Model.GetRootAs(content, 0)
        self.graph = self.model.Subgraphs(0)
        tensors = [self.graph.Tensors(i) for i in range(self.graph.TensorsLength())]
        self.names = [tensor.Name().decode() for tensor in tensors]
        self.shapes = [
            [int(n) for n in tensor.ShapeAsNumpy()] if tensor.ShapeLength() else [] for tensor in tensors
        ]
        self.inputs = [self.graph.Inputs(i) for i in range(self.graph.InputsLength())]
        self.outputs = [self.graph.Outputs(i) for i in range(self.graph.OutputsLength())]

    def kind(self, operator) -> str:
        """Name of the operator, such as CONV_2D."""
        code = self.model.OperatorCodes(operator.OpcodeIndex())
        # Old files have the code in the deprecated field, new ones in the other; the unused one is 0.
        return OPERATOR_NAMES[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]

    def operators_for(self, outputs: list[int]) -> list:
        """The operators that `outputs` depend on, in the file's order."""
        needed, operators = set(outputs), []
        for operator in reversed([self.graph.Operators(i) for i in range(self.graph.OperatorsLength())]):
            if not needed.isdisjoint(operator_outputs(operator)):
                operators.append(operator)
                needed.update(operator_inputs(operator))
        return operators[::-1]

    def constant(self, index: int) -> np.ndarray | None:
        """The values stored for a tensor; none if it is computed. Sparse ones come flat, as they are stored."""
        tensor = self.graph.Tensors(index)
        buffer = self.model.Buffers(tensor.Buffer())
        if buffer.DataLength() == 0:
            return None
        values = np.frombuffer(buffer.DataAsNumpy().tobytes(), NUMPY_TYPES[tensor.Type()])
        return values if tensor.Sparsity() is not None else values.reshape(self.shapes[index])

    def dense(self, index: int) -> np.ndarray:
        """A sparse constant, spread out: zero where nothing is stored."""
        sparsity = self.graph.Tensors(index).Sparsity()
        if sparsity.BlockMapLength() != 0:
            raise ValueError(f"{self.names[index]}: block-sparse weights are not supported")
        levels = [sparse_level(sparsity.DimMetadata(i)) for i in range(sparsity.DimMetadataLength())]
        order = [int(axis) for axis in sparsity.TraversalOrderAsNumpy()]
        return spread(self.constant(index), self.shapes[index], order, levels)


def operator_inputs(operator) -> list[int]:
    """Tensors an operator reads; -1 stands for one left out."""
    return [operator.Inputs(i) for i in range(operator.InputsLength())]


def operator_outputs(operator) -> list[int]:
    """Tensors an operator writes."""
    return [operator.Outputs(i) for i in range(operator.OutputsLength())]


def operator_options(operator, options_class):
    """The operator's own settings, read as `options_class`."""
    options, table = options_class(), operator.BuiltinOptions()
    options.Init(table.Bytes, table.Pos)
    return options


def sparse_level(metadata) -> range | tuple[np.ndarray, np.ndarray]:
    """One dimension of sparse storage: a range if dense, else where its segments begin and their indices."""
    if metadata.Format() == tflite.DimensionType.DENSE:
        return range(metadata.DenseSize())
    return sparse_indices(metadata, "Segments"), sparse_indices(metadata, "Indices")


def sparse_indices(metadata, which: str) -> np.ndarray:
    vector = SPARSE_INDEX_CLASSES[getattr(metadata, f"Array{which}Type")()]()
    table = getattr(metadata, f"Array{which}")()
    vector.Init(table.Bytes, table.Pos)
    return vector.ValuesAsNumpy().astype(np.int64)


def spread(values: np.ndarray, shape: list[int], order: list[int], levels: list) -> np.ndarray:
    """Dense array from `values`, whose nested `levels` belong to the axes named in `order`."""
    dense = np.zeros(shape, values.dtype)
    place = [0] * len(shape)

    def visit(level: int, parent: int) -> None:
        if level == len(levels):
            dense[tuple(place)] = values[parent]
            return
        axis, storage = order[level], levels[level]
        if isinstance(storage, range):
            children = ((parent * len(storage) + i, i) for i in storage)
        else:
            begins, indices = storage
            children = ((i, int(indices[i])) for i in range(begins[parent], begins[parent + 1]))
        for child, index in children:
            place[axis] = index
            visit(level + 1, child)

    visit(0, 0)
    return dense
