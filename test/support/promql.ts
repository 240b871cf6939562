// What an expression in PromQL asks for, read by Prometheus's own grammar.
import { parser } from '@prometheus-io/lezer-promql';

export interface Selector {
  readonly metric: string;
  /** Labels that are chosen by, or grouped or matched by around it. */
  readonly labels: readonly string[];
  /** What some labels are to be equal to, but for variables of a dashboard. */
  readonly values: Readonly<Record<string, string>>;
}

export interface Query {
  readonly selectors: readonly Selector[];
  /** Labels that are left; undefined: those of the series. */
  readonly groupedBy: readonly string[] | undefined;
}

/** Grafana fills its variables in before Prometheus sees them. */
const INTERVAL = /\$__(?:rate_)?interval/g;

/** @throws where Prometheus would not understand it */
export function readPromql(text: string): Query {
  const expression = text.replaceAll(INTERVAL, '5m');
  const tree = parser.parse(expression);
  const selectors: { metric: string; labels: string[]; values: Record<string, string> }[] = [];
  const groups: { readonly to: number; labels: string[] }[] = [];
  /** Of `on (...)`, which both sides have. */
  const matchedBy: string[] = [];
  let groupedBy: string[] | undefined;
  tree.iterate({
    enter(node) {
      const { name, from, to } = node;
      const said = expression.slice(from, to);
      const around = groups.filter((group) => from < group.to);
      const selector = selectors.at(-1);
      if (node.type.isError) throw new Error(`"${text}" is no PromQL from "${expression.slice(from)}"`);
      if (name === 'AggregateExpr') {
        groups.push({ to, labels: [] });
        groupedBy ??= groups.at(-1)!.labels;
      } else if (name === 'VectorSelector') {
        selectors.push({ metric: '', labels: around.flatMap(({ labels }) => labels), values: {} });
      } else if (name === 'Identifier' && selector?.metric === '') {
        selector.metric = said;
      } else if (name === 'LabelName' && node.node.parent?.name === 'GroupingLabels') {
        const isOfAggregate = node.node.parent.parent?.name === 'AggregateModifier';
        (isOfAggregate ? around.at(-1)!.labels : matchedBy).push(said);
      } else if (name === 'UnquotedLabelMatcher') {
        const [, label = '', operator, value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(said) ?? [];
        selector!.labels.push(label);
        if (operator === '=' && !value.startsWith('$')) selector!.values[label] = value;
      }
    },
  });
  for (const { labels } of selectors) labels.push(...matchedBy);
  return { selectors, groupedBy };
}
