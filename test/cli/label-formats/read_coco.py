"""Reads a COCO file as its users do and prints, for each image, the classes and the origins that its annotations paint.

python read_coco.py annotations.json
"""
import json
import sys
from contextlib import redirect_stdout

import numpy as np
from pycocotools.coco import COCO

with redirect_stdout(sys.stderr):
    coco = COCO(sys.argv[1])
origins = ["nobody", "initial", "oracle", "human", "extended"]
images = []
for image in coco.loadImgs(coco.getImgIds()):
    classes = np.full((image["height"], image["width"]), 255)
    origin = np.zeros((image["height"], image["width"]), int)
    for annotation in coco.loadAnns(coco.getAnnIds([image["id"]])):
        mask = coco.annToMask(annotation).astype(bool)
        assert (classes[mask] == 255).all(), "annotations overlap"
        assert mask.sum() == annotation["area"], "area"
        rows, columns = np.where(mask)
        box = [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1]
        assert annotation["bbox"] == box, "box"
        classes[mask] = annotation["category_id"] - 1
        origin[mask] = origins.index(annotation["cpral"]["origin"])
    images.append({"name": image["file_name"], "classes": classes.ravel().tolist(), "origins": origin.ravel().tolist()})
print(json.dumps(images))
