"""Contestants of the benchmarks that only infer: onnxruntime and OpenVINO on the same network. Arguments and lines as in peer.py."""

import io
import json
import resource
import sys
import time

import numpy
import torch

from network import Classes, Network


def main():
    program, mode, shape = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    network = Classes(Network(shape["classes"]).eval())
    images = torch.rand(1, 3, shape["height"], shape["width"])
    run = PROGRAMS[program](network, images, mode, shape["threads"])
    run()
    print(json.dumps({"ready": f"{program} {sys.modules[program].__version__}"}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        run()
        print(json.dumps({"ms": 1000 * (time.perf_counter() - start)}), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"peakBytes": peak}), flush=True)


def onnxruntime(network, images, mode, threads):
    import onnxruntime

    file = io.BytesIO()
    torch.onnx.export(network, (images,), file, input_names=["images"], opset_version=17, dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
    inputs = {"images": images.numpy().astype(numpy.float32)}
    return lambda: session.run(None, inputs)


def openvino(network, images, mode, threads):
    import openvino

    model = openvino.convert_model(network, example_input=images)
    hint = "bf16" if mode == "bfloat16" else "f32"
    settings = {"INFERENCE_PRECISION_HINT": hint, "INFERENCE_NUM_THREADS": threads}
    compiled = openvino.Core().compile_model(model, "CPU", settings)
    return lambda: compiled(images.numpy())


PROGRAMS = {"onnxruntime": onnxruntime, "openvino": openvino}

if __name__ == "__main__":
    main()
