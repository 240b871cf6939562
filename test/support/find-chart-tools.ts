// Helm, kubeconform and the schemas, found or made once for all tests of the chart.
import type { TestProject } from 'vitest/node';
import { kubernetesSchemas } from '../../deploy/kubernetes/schemas.ts';
import { findHelm, findKubeconform } from '../../deploy/kubernetes/tools.ts';

declare module 'vitest' {
  interface ProvidedContext {
    chartTools?: { readonly helm: string; readonly kubeconform: string; readonly schemas: string };
  }
}

export default async function setUp(project: TestProject): Promise<void> {
  const say = (sentence: string) => console.error(`charts: ${sentence}`);
  const [helm, kubeconform, schemas] = await Promise.all([findHelm(say), findKubeconform(say), kubernetesSchemas(say)]);
  project.provide('chartTools', { helm, kubeconform, schemas });
}
