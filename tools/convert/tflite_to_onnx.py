"""From a TFLite graph of the BlazePose family to ONNX.

TFLite keeps pictures as [batch, height, width, channel], ONNX Runtime is fast with [batch, channel, height, width]:
everything is emitted in the latter, outputs included. Padding goes into the convolution that follows it, 16-bit and
sparse weights become plain arrays, and the batch size is free. Only operators that these models use are known.
"""

import numpy as np
import onnx
import tflite
from onnx import TensorProto, helper, numpy_helper

from .tflite_file import TfliteFile, operator_inputs, operator_options

# The opset and file version that ONNX Runtime 1.12 and everything after it reads.
OPSET = 17
IR_VERSION = 8
# For each axis of [batch, channel, height, width], the one of [batch, height, width, channel]; and the way back.
NHWC_AXIS = [0, 3, 1, 2]
NCHW_AXIS = [0, 2, 3, 1]
CONVOLUTIONS = {"CONV_2D": tflite.Conv2DOptions, "DEPTHWISE_CONV_2D": tflite.DepthwiseConv2DOptions}


class Conversion:
    """The ONNX `model` of one TFLite file; `outputs` takes the outputs to keep to their new names."""

    def __init__(self, content: bytes, outputs: dict[str, str], input_name: str):
        self.file = TfliteFile(content)
        self.constants = {}  # tensor -> array computed during conversion
        self.folded_pads = {}  # tensor -> (tensor before the padding, [top, left, bottom, right])
        self.nodes, self.initializers = [], {}
        kept = [tensor for tensor in self.file.outputs if self.file.names[tensor] in outputs]
        if len(kept) != len(outputs):
            raise ValueError(f"the model has no outputs {sorted(outputs)}, only {self.output_names()}")
        self.renamed = {tensor: outputs[self.file.names[tensor]] for tensor in kept}
        self.renamed[self.file.inputs[0]] = input_name
        operators = self.file.operators_for(kept)
        self.readers = {}
        for operator in operators:
            for tensor in operator_inputs(operator):
                self.readers.setdefault(tensor, []).append(operator)
        for operator in operators:
            self.emit(operator)
        self.model = self.assemble(kept)

    def output_names(self) -> list[str]:
        return [self.file.names[tensor] for tensor in self.file.outputs]

    def emit(self, operator) -> None:
        kind = self.file.kind(operator)
        handler = getattr(self, kind.lower(), None)
        if handler is None:
            raise ValueError(f"operator {kind} is not supported")
        handler(operator, operator_inputs(operator), operator.Outputs(0))

    def assemble(self, outputs: list[int]) -> onnx.ModelProto:
        graph = helper.make_graph(
            self.nodes,
            "blazepose",
            [self.value_info(tensor) for tensor in self.file.inputs],
            [self.value_info(tensor) for tensor in outputs],
            [numpy_helper.from_array(array, name) for name, array in self.initializers.items()],
        )
        opsets = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, opset_imports=opsets, producer_name="sledform")
        model.ir_version = IR_VERSION
        return model

    # Names and values.

    def value_info(self, tensor: int):
        shape = self.file.shapes[tensor]
        shape = [shape[axis] for axis in NHWC_AXIS] if len(shape) == 4 else shape
        return helper.make_tensor_value_info(self.name(tensor), TensorProto.FLOAT, ["N", *shape[1:]])

    def name(self, tensor: int) -> str:
        return self.renamed.get(tensor, f"t{tensor}")

    def value(self, tensor: int) -> np.ndarray | None:
        """The array of a constant tensor; none for a computed one."""
        if tensor in self.constants:
            return self.constants[tensor]
        return self.file.constant(tensor)

    def float_value(self, tensor: int) -> np.ndarray:
        return self.value(tensor).astype(np.float32)

    def initializer(self, name: str, array) -> str:
        self.initializers.setdefault(name, np.ascontiguousarray(array))
        return name

    def shape_initializer(self, prefix: str, array: np.ndarray) -> str:
        return self.initializer(f"{prefix}_{'_'.join(map(str, array))}", array)

    def node(self, kind: str, inputs: list[str], output: str, **attributes) -> None:
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], name=name, **attributes))

    def activated(self, kind: str, inputs: list[str], tensor: int, activation: int, **attributes) -> None:
        """A node followed by its fused activation."""
        output = self.name(tensor)
        if activation == tflite.ActivationFunctionType.NONE:
            self.node(kind, inputs, output, **attributes)
            return
        before = f"{output}:before"
        self.node(kind, inputs, before, **attributes)
        if activation == tflite.ActivationFunctionType.RELU:
            self.node("Relu", [before], output)
        elif activation == tflite.ActivationFunctionType.RELU6:
            limits = [self.initializer("zero", np.float32(0)), self.initializer("six", np.float32(6))]
            self.node("Clip", [before, *limits], output)
        else:
            raise ValueError(f"activation {activation} is not supported")

    # Operators, named as TFLite names them. Each gets the operator, the tensors it reads and the one it writes.

    def dequantize(self, _operator, inputs, output):
        self.constants[output] = self.float_value(inputs[0])

    def densify(self, _operator, inputs, output):
        self.constants[output] = self.file.dense(inputs[0])

    def conv_2d(self, operator, inputs, output):
        self.convolution(operator, inputs, output, groups=1)

    def depthwise_conv_2d(self, operator, inputs, output):
        if operator_options(operator, tflite.DepthwiseConv2DOptions).DepthMultiplier() != 1:
            raise ValueError("a depth multiplier other than 1 is not supported")
        self.convolution(operator, inputs, output, groups=self.file.shapes[inputs[1]][3])

    def convolution(self, operator, inputs, output, groups: int):
        options = operator_options(operator, CONVOLUTIONS[self.file.kind(operator)])
        # TFLite has [out, h, w, in], or [1, h, w, out] for depthwise; ONNX has [out, in, h, w] and [out, 1, h, w].
        weights = self.float_value(inputs[1]).transpose((0, 3, 1, 2) if groups == 1 else (3, 0, 1, 2))
        source, pads = self.folded_pads.get(inputs[0], (inputs[0], [0, 0, 0, 0]))
        strides = [options.StrideH(), options.StrideW()]
        dilations = [options.DilationHFactor(), options.DilationWFactor()]
        if options.Padding() == tflite.Padding.SAME:
            pads = same_padding(self.file.shapes[inputs[0]][1:3], weights.shape[2:], strides, dilations)
        arguments = [self.name(source), self.initializer(f"w{inputs[1]}", weights)]
        if len(inputs) > 2 and inputs[2] >= 0:
            arguments.append(self.initializer(f"b{inputs[2]}", self.float_value(inputs[2])))
        self.activated(
            "Conv", arguments, output, options.FusedActivationFunction(),
            kernel_shape=list(weights.shape[2:]), strides=strides, dilations=dilations, pads=pads, group=groups,
        )

    def pad(self, _operator, inputs, output):
        pads = self.value(inputs[1]).reshape(4, 2).astype(np.int64)
        if self.pads_only_convolutions(pads, output):
            (top, bottom), (left, right) = pads[1].tolist(), pads[2].tolist()
            self.folded_pads[output] = (inputs[0], [top, left, bottom, right])
            return
        begins_then_ends = pads[NHWC_AXIS].T.reshape(-1)
        self.node("Pad", [self.name(inputs[0]), self.shape_initializer("pad", begins_then_ends)], self.name(output))

    def pads_only_convolutions(self, pads: np.ndarray, output: int) -> bool:
        """Whether a padding is of height and width only and all its readers are convolutions without their own."""
        if pads[0].any() or pads[3].any():
            return False
        for reader in self.readers.get(output, []):
            options_class = CONVOLUTIONS.get(self.file.kind(reader))
            if options_class is None:
                return False
            if operator_options(reader, options_class).Padding() != tflite.Padding.VALID:
                return False
        return True

    def add(self, operator, inputs, output):
        activation = operator_options(operator, tflite.AddOptions).FusedActivationFunction()
        self.activated("Add", [self.addend(tensor) for tensor in inputs], output, activation)

    def addend(self, tensor: int) -> str:
        if self.value(tensor) is None:
            return self.name(tensor)
        # A constant per channel: the last axis in TFLite, the first after the batch here.
        return self.initializer(f"k{tensor}", self.float_value(tensor).reshape(-1, 1, 1))

    def max_pool_2d(self, operator, inputs, output):
        options = operator_options(operator, tflite.Pool2DOptions)
        plain = tflite.ActivationFunctionType.NONE
        if options.Padding() != tflite.Padding.VALID or options.FusedActivationFunction() != plain:
            raise ValueError("pooling with padding or activation is not supported")
        self.node(
            "MaxPool", [self.name(inputs[0])], self.name(output),
            kernel_shape=[options.FilterHeight(), options.FilterWidth()],
            strides=[options.StrideH(), options.StrideW()],
        )

    def resize_bilinear(self, operator, inputs, output):
        options = operator_options(operator, tflite.ResizeBilinearOptions)
        mode = "asymmetric"
        if options.AlignCorners():
            mode = "align_corners"
        elif options.HalfPixelCenters():
            mode = "half_pixel"
        before, after = self.file.shapes[inputs[0]], self.file.shapes[output]
        scales = np.array([1, 1, after[1] / before[1], after[2] / before[2]], np.float32)
        arguments = [self.name(inputs[0]), "", self.shape_initializer("scale", scales)]
        self.node("Resize", arguments, self.name(output), mode="linear", coordinate_transformation_mode=mode)

    def depth_to_space(self, operator, inputs, output):
        block = operator_options(operator, tflite.DepthToSpaceOptions).BlockSize()
        self.node("DepthToSpace", [self.name(inputs[0])], self.name(output), blocksize=block, mode="DCR")

    def logistic(self, _operator, inputs, output):
        self.node("Sigmoid", [self.name(inputs[0])], self.name(output))

    def reshape(self, _operator, inputs, output):
        source, before = self.name(inputs[0]), self.file.shapes[inputs[0]]
        if len(before) == 4 and before[1] * before[2] > 1:
            # The order of values matters here, so this is the one place that goes back to TFLite's.
            self.node("Transpose", [source], f"{source}:nhwc", perm=NCHW_AXIS)
            source = f"{source}:nhwc"
        # 0 keeps the batch size as it is.
        shape = np.array([0, *self.file.shapes[output][1:]], np.int64)
        self.node("Reshape", [source, self.shape_initializer("shape", shape)], self.name(output))

    def concatenation(self, operator, inputs, output):
        rank = len(self.file.shapes[output])
        axis = operator_options(operator, tflite.ConcatenationOptions).Axis() % rank
        axis = NCHW_AXIS[axis] if rank == 4 else axis
        self.node("Concat", [self.name(tensor) for tensor in inputs], self.name(output), axis=axis)


def same_padding(size, kernel, strides, dilations) -> list[int]:
    """TFLite's SAME padding, [top, left, bottom, right]: the output has ceil(size / stride); the odd pixel is last."""
    begins, ends = [], []
    for length, taps, stride, dilation in zip(size, kernel, strides, dilations):
        extent = (taps - 1) * dilation + 1
        outputs = -(-length // stride)
        total = max((outputs - 1) * stride + extent - length, 0)
        begins.append(total // 2)
        ends.append(total - total // 2)
    return begins + ends
