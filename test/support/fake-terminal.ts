import { PassThrough } from 'node:stream';

/** A terminal's input that tests type on: what a person's keyboard is to a command. */
export class FakeTerminal extends PassThrough {
  readonly isTTY = true;
  /** Whether each key is told at once. */
  isRaw = false;

  setRawMode(mode: boolean): this {
    this.isRaw = mode;
    return this;
  }
}
