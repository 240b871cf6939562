"""Checks an ONNX model by onnx and runs it by onnxruntime on an image of raw RGB bytes; writes its outputs as raw bytes.

python run_onnx.py model.onnx image.rgb logits.f32 classes.i64
"""
import sys

import numpy as np
import onnx
import onnxruntime

model, image, logits_file, classes_file = sys.argv[1:]
onnx.checker.check_model(onnx.load(model), full_check=True)
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
pixels = np.fromfile(image, np.uint8).reshape(session.get_inputs()[0].shape)
logits, classes = session.run(["logits", "classes"], {"image": pixels})
assert logits.dtype == np.float32 and classes.dtype == np.int64
logits.tofile(logits_file)
classes.tofile(classes_file)
print(logits.shape, classes.shape, session.get_modelmeta().custom_metadata_map)
