import { describeTensorFlow } from '../../../services/shared/tensorflow/tensorflow.ts';

export default async function loadTensorFlow() {
  return describeTensorFlow();
}
