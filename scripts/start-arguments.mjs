/** Options of `play` that take a value. */
export const valueOptions = [
  '--model',
  '--minutes',
  '--tasks',
  '--tokens',
  '--endpoint',
  '--allow-remote',
  '--quiet',
  '--battery',
  '--random-seed',
  '--json',
  '--store',
  '--stream',
  '--backend',
  '--preset',
  '--python',
  '--sources',
  '--split',
];

/**
 * @typedef {object} StartArguments
 * @property {string} [workspace]  The folder or package that the person named.
 * @property {string} [model]
 * @property {boolean} offline
 * @property {boolean} keep
 * @property {boolean} help
 * @property {readonly string[]} rest  Everything but the workspace, for `play`.
 */

/**
 * Reads the arguments of `npm start`. What is wrong with one of them is for `play` to say, which gets them all.
 *
 * @param {readonly string[]} args
 * @returns {StartArguments}
 */
export function startArguments(args) {
  /** @type {string[]} */
  const rest = [];
  /** @type {{ workspace?: string, model?: string }} */
  const named = {};
  for (let index = 0; index < args.length; index += 1) {
    const arg = /** @type {string} */ (args[index]);
    if (!arg.startsWith('-') && named.workspace === undefined) {
      named.workspace = arg;
      continue;
    }
    rest.push(arg);
    const [option = '', inline] = split(arg);
    if (!valueOptions.includes(option)) continue;
    const value = inline ?? args[++index];
    if (inline === undefined && value !== undefined) rest.push(value);
    if (option === '--model' && value !== undefined) named.model = value;
  }
  return {
    ...named,
    offline: rest.includes('--offline'),
    keep: rest.includes('--keep'),
    help: rest.includes('--help') || rest.includes('-h'),
    rest,
  };
}

/**
 * @param {string} arg
 * @returns {[string, string | undefined]}
 */
function split(arg) {
  const equals = arg.indexOf('=');
  return equals === -1 ? [arg, undefined] : [arg.slice(0, equals), arg.slice(equals + 1)];
}
