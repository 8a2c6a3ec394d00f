import type { Locator } from 'playwright-core';

/** A piece of text as it is drawn, with the contrast of its colour to the ground (WCAG 2.2, "contrast ratio"). */
export interface DrawnText {
  readonly text: string;
  readonly ratio: number;
}

/** The pieces of text in an editor and how well each stands out. */
export function drawnTexts(editor: Locator): Promise<DrawnText[]> {
  return editor.evaluate((element) => {
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = channels(color).map((channel) => {
        const share = channel / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = luminance(getComputedStyle(element).getPropertyValue('background-color'));
    return [...element.querySelectorAll('.view-line span > span')].map((span) => {
      const text = luminance(getComputedStyle(span).color);
      const ratio = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
      return { text: span.textContent ?? '', ratio };
    });
  });
}
