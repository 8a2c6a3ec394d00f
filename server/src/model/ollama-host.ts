import { ModelError } from './model-error.ts';

/**
 * Ollama's address as its own client reads `OLLAMA_HOST` (envconfig.Host): scheme, port and path are optional; without a
 * scheme the port is 11434, with http it is 80, with https 443; an address that means "every interface" is asked on
 * loopback. The result has a scheme and a port and no slash at its end. Throws `bad-address` where it is no address.
 */
export function ollamaHost(env: Readonly<Record<string, string | undefined>>): string {
  const named = (env['OLLAMA_HOST'] ?? '')
    .trim()
    .replace(/^["']+|["']+$/g, '')
    .trim();
  const separator = named.indexOf('://');
  const scheme = separator === -1 ? 'http' : named.slice(0, separator);
  const rest = separator === -1 ? named : named.slice(separator + 3);
  const defaultPort = separator === -1 ? '11434' : scheme === 'https' ? '443' : '80';
  const slash = rest.indexOf('/');
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const path = slash === -1 ? '' : rest.slice(slash).replace(/\/+$/, '');
  const { host, port } = hostAndPort(authority);
  const asked = host === '' || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const bracketed = asked.includes(':') ? `[${asked}]` : asked;
  const address = `${scheme}://${bracketed}:${validPort(port) ? port : defaultPort}${path}`;
  if (!URL.canParse(address) || !['http', 'https'].includes(scheme)) {
    throw new ModelError(
      'bad-address',
      `OLLAMA_HOST is no address: ${named}. Set it to one such as 127.0.0.1:11434, or unset it.`,
    );
  }
  return address;
}

function hostAndPort(authority: string): { readonly host: string; readonly port: string } {
  const bracketed = /^\[([^\]]*)\](?::(\d*))?$/.exec(authority);
  if (bracketed !== null) return { host: bracketed[1] ?? '', port: bracketed[2] ?? '' };
  const colons = authority.split(':').length - 1;
  // More than one colon without brackets is an IPv6 address without a port.
  if (colons !== 1) return { host: authority, port: '' };
  const [host = '', port = ''] = authority.split(':');
  return { host, port };
}

function validPort(port: string): boolean {
  return /^\d+$/.test(port) && Number(port) <= 65_535;
}

/** Whether a host is this machine's own loopback: what we may start a server on. */
export function isLoopback(host: string): boolean {
  const { hostname } = new URL(host);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
