// Bilinear resizing of [batch, height, width, channels]; the corners of input and output lie on each other.
import { booleanAttribute, typeAttribute } from '../attributes.ts';
import { addTensor, type Graph, type Tensor } from '../graph.ts';
import { constant } from './constant.ts';

export function resizeBilinear(graph: Graph, x: Tensor, height: number, width: number): Tensor {
  const [n, , , c] = x.shape as [number, number, number, number];
  const attributes = {
    T: typeAttribute(x.dtype),
    align_corners: booleanAttribute(true),
    half_pixel_centers: booleanAttribute(false),
  };
  const inputs = [x, constant(graph, [height, width])];
  return addTensor(graph, 'ResizeBilinear', { inputs, attributes, shape: [n, height, width, c] });
}
