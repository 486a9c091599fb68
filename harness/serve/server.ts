import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../errors.ts';
import type { Answers } from './answers.ts';

/** Nobody but this machine. */
const LOOPBACK = '127.0.0.1';

/** Pages allow themselves what they need; nobody may keep, embed or sniff them. */
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/**
 * Answers GET and HEAD on the loopback interface.
 * @param port 0: any that is free
 * @throws UserError where the port is taken or may not be used
 */
export async function startServer(answers: Answers, port: number): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    respond(answers, request, response).catch(() => {
      if (!response.headersSent) send(request, response, 500, 'the page could not be made\n');
      response.end();
    });
  });
  server.listen(port, LOOPBACK);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EACCES' ? 'may not be used by you' : 'is in use';
    throw new UserError(`--port ${port}: ${why}; give another, or 0 for any that is free`);
  }
  return { server, url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/` };
}

async function respond(answers: Answers, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers, socket } = request;
  // A page of another origin whose name has been made to mean this machine (DNS rebinding) names itself here.
  const hosts = [LOOPBACK, 'localhost'].map((name) => `${name}:${socket.localPort}`);
  if (!hosts.includes(headers.host ?? ''))
    return send(request, response, 421, 'not the name of this server\n');
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return send(request, response, 405, 'read only\n');
  }
  const path = pathOf(url ?? '');
  if (path === null) return send(request, response, 400, 'no path\n');
  const { status, html } = await answers.answer(path);
  send(request, response, status, html);
}

/** Decoded once, without its query; null: cannot be read. */
function pathOf(url: string): string | null {
  try {
    return decodeURIComponent(url.split('?', 1)[0]!);
  } catch {
    return null;
  }
}

function send({ method }: IncomingMessage, response: ServerResponse, status: number, html: string): void {
  const body = Buffer.from(html);
  response.writeHead(status, { ...HEADERS, 'Content-Length': body.length });
  response.end(method === 'HEAD' ? undefined : body);
}
