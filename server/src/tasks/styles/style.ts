import { type Cell, cellName } from '../../../../protocol/kind.ts';
import { Frame, type Style } from '../../../../protocol/style.ts';

/** The style of a model that was not calibrated. */
export const defaultStyle: Style = { frame: 'session', reasons: false, examples: 3 };

/** The style in which a model is asked in each cell. */
export type Styles = (cell: Cell) => Style;

export const defaultStyles: Styles = () => defaultStyle;

/**
 * All styles, the simplest first: a frame that adds less, then without reasoning, then with fewer examples. In a session the next
 * line is the answer, and a schema leaves room for nothing else: neither comes with reasoning.
 */
export const allStyles: readonly Style[] = Frame.options.flatMap((frame) =>
  (frame === 'session' || frame === 'schema' ? [false] : [false, true]).flatMap((reasons) =>
    ([0, 1, 3] as const).map((examples) => ({ frame, reasons, examples })),
  ),
);

/** A style's name in records and tables: `chat-reasons-1`. */
export function styleName({ frame, reasons, examples }: Style): string {
  return `${frame}${reasons ? '-reasons' : ''}-${examples}`;
}

/** Whether what is sampled in a style is what the model itself would say, so that it can be trained on. */
export function isTrainable({ frame }: Style): boolean {
  return frame !== 'schema';
}

/** The version of a prompt in a style: the kind's own where the style is the default. */
export function versionIn(style: Style, promptVersion: string): string {
  return styleName(style) === styleName(defaultStyle)
    ? promptVersion
    : `${promptVersion}+${styleName(style)}`;
}

/** Styles by cell; the default where a cell has none. */
export function stylesOf(chosen: ReadonlyMap<string, Style>): Styles {
  return (cell) => chosen.get(cellName(cell)) ?? defaultStyle;
}
