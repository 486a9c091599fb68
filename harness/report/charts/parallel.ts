import type { ChartOf } from '../../identity/chart-ref.ts';
import { differingKeys, formatParam } from '../../identity/param-text.ts';
import type { Method } from '../methods.ts';
import type { ChartContext } from './context.ts';
import type { Axis, Figure, Remark, Series } from './figure.ts';
import { importance, isFullGrid, type Tried } from './importance.ts';
import { formatValue } from './layout.ts';
import type { Measure } from './measure.ts';

/** All settings of a solver as lines over its parameters, the better the darker; none where fewer than two differ. */
export function parallelFigures({ table, measures }: ChartContext, ref: ChartOf<'parallel'>): Figure[] {
  const methods = table.rows.map(({ method }) => method).filter(({ solver }) => solver === ref.solver);
  return ref.y.flatMap((name) => measures.named(name)).flatMap((measure) => parallel(methods, measure) ?? []);
}

interface Setting extends Tried {
  readonly method: Method;
}

function parallel(methods: readonly Method[], measure: Measure): Figure | null {
  const settings = methods.flatMap((method): Setting[] => {
    const value = measure.of(method);
    return value && Number.isFinite(value.mean) ? [{ method, params: method.params, mean: value.mean }] : [];
  });
  const params = differingKeys(settings.map((setting) => setting.params));
  if (settings.length < 2 || params.length === 0) return null;
  const scales = params.map((param) => scaleOf(settings.map((setting) => setting.params[param])));
  const means = scaleOf(settings.map((setting) => setting.mean));
  const part = (param: string) => `${Math.round(100 * importance(settings, param))} %`;
  const categories = [...params.map((param) => `${param} (${part(param)})`), measure.title];
  const series = [...settings]
    .sort((a, b) => (measure.better === 'higher' ? a.mean - b.mean : b.mean - a.mean))
    .map((setting): Series => {
      const { method, mean } = setting;
      const height = means.place(mean);
      const places = [...params.map((param, i) => scales[i]!.place(setting.params[param])), height];
      const detail = `${measure.title}: ${formatValue(mean, measure.digits)}`;
      return {
        label: method.label,
        look: { shade: measure.better === 'higher' ? height : 1 - height },
        line: 'solid',
        points: places.map((y, x) => ({ x, y, detail })),
        inLegend: false,
      };
    });
  const marks = [
    ...scales.map(({ marks }) => marks),
    means.ends((end) => formatValue(end as number, measure.digits)),
  ];
  const remarks = marks.flatMap((ofAxis, x): Remark[] => ofAxis.map(([y, text]) => ({ x, y, text })));
  const uneven = isFullGrid(settings, params) ? '' : ' The grid is not full: effects of parameters mix.';
  const plain = { title: '', digits: null, range: {}, worse: null, mayBeLog: false } as const;
  const y: Axis = { ...plain, name: 'place', isRead: false, hidden: true, holds: [0, 1] };
  return {
    kind: 'parallel',
    title: `${measure.name} over ${params.length} parameters`,
    caption: `Each line is a setting, stronger in colour where ${measure.title} is better. In brackets each parameter's importance: the part of the variance among these settings' means that it explains alone (main effect of a functional ANOVA); what is left is interaction.${uneven}`,
    height: 320,
    x: { ...plain, name: 'parameter', isRead: true, categories },
    y,
    series,
    remarks,
    data: {
      head: ['method', ...params, measure.name],
      rows: settings.map(({ method, params: own, mean }) => [
        method.label,
        ...params.map((param) => formatParam(own[param])),
        mean,
      ]),
    },
  };
}

interface Scale {
  /** In [0,1]. */
  place(value: unknown): number;
  readonly marks: readonly (readonly [place: number, text: string])[];
  ends(text: (value: unknown) => string): readonly (readonly [place: number, text: string])[];
}

/** Numbers by their size, anything else in order of appearance. */
function scaleOf(values: readonly unknown[]): Scale {
  const distinct = [...new Map(values.map((value) => [formatParam(value), value])).values()];
  const numbers = distinct.filter((value) => typeof value === 'number');
  const isNumeric = numbers.length === distinct.length;
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const texts = distinct.map(formatParam);
  const place = (value: unknown) => {
    if (isNumeric) return high === low ? 0.5 : ((value as number) - low) / (high - low);
    return texts.length === 1 ? 0.5 : texts.indexOf(formatParam(value)) / (texts.length - 1);
  };
  const marked = (some: readonly unknown[], text: (value: unknown) => string) =>
    some.map((value) => [place(value), text(value)] as const);
  return { place, marks: marked(distinct, formatParam), ends: (text) => marked([low, high], text) };
}
