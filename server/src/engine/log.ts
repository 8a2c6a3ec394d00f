/** Where messages for the log go. Never code, prompts or what a model wrote. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
