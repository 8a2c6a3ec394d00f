import type { Locator, Page } from 'playwright-core';

/** The view *Tasks* in the activity bar. */
export class TasksView {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The rows that are drawn now. */
  get rows(): Locator {
    return this.#page.locator('.pane-body .monaco-list-row');
  }

  /** What stands in the view while it has no rows. */
  get welcome(): Locator {
    return this.#page.locator('.welcome-view-content');
  }

  async open(): Promise<void> {
    await this.#page.locator('.activitybar .action-item a[aria-label="Autodidact"]').first().click();
    await this.#page.locator('.composite.title', { hasText: 'Autodidact' }).waitFor();
  }

  row(text: string): Locator {
    return this.rows.filter({ hasText: text }).first();
  }

  /** Opens a row's children where they are hidden. */
  async expand(text: string): Promise<void> {
    const row = this.row(text);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== 'false') return;
    await row.click();
    await this.#page.keyboard.press('ArrowRight');
  }
}
