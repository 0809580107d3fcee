import { AsyncLocalStorage } from 'node:async_hooks';
import { S3, type S3ClientConfig } from '@aws-sdk/client-s3';
import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';

/** How a client is made whose requests take less of the processor. */
export interface LeanS3Configuration extends Omit<S3ClientConfig, 'requestHandler' | 'cacheMiddleware'> {
  readonly requestHandler: NodeHttpHandlerOptions;
}

type Send = (
  command: unknown,
  options?: { readonly abortSignal?: AbortSignal | undefined },
) => Promise<unknown>;

/** What the client does for each request and nobody here needs. */
const unneededMiddleware = ['loggerMiddleware', 'getUserAgentMiddleware'];
/** Other middleware finds its place by this one, so it stays, and does nothing: the adapter has its own retry loop. */
const retryMiddleware = {
  step: 'finalizeRequest',
  name: 'retryMiddleware',
  priority: 'high',
  override: true,
} as const;
const userAgent = 'holdfast-adapter-s3';

/** The signal of the request that is being sent. */
const signals = new AsyncLocalStorage<AbortSignal | undefined>();

/**
 * A client of S3 that puts its middleware together once for each kind of request. It does so only for requests
 * without options of their own, so the signal of a request goes around the client, to where the request is sent.
 */
export function leanS3({ requestHandler, ...configuration }: LeanS3Configuration): S3 {
  const client = new S3({
    ...configuration,
    cacheMiddleware: true,
    requestHandler: new SignalledHandler(requestHandler),
  });
  for (const name of unneededMiddleware) client.middlewareStack.remove(name);
  client.middlewareStack.add((next) => next, retryMiddleware);
  client.middlewareStack.add(
    (next) => (step) => {
      const { headers } = step.request as { readonly headers: Record<string, string> };
      headers['user-agent'] = userAgent;
      const { ChecksumSHA256, Body } = step.input as SentBytes;
      if (ChecksumSHA256 !== undefined && Body instanceof Uint8Array)
        headers['x-amz-content-sha256'] = Buffer.from(ChecksumSHA256, 'base64').toString('hex');
      return next(step);
    },
    { step: 'build', name: 'holdfastHeaders' },
  );
  const send = client.send.bind(client) as Send;
  const sendSignalled: Send = (command, options) => signals.run(options?.abortSignal, () => send(command));
  return Object.assign(client, { send: sendSignalled as S3['send'] });
}

/** Bytes whose digest is known are not hashed again to be signed. */
interface SentBytes {
  readonly ChecksumSHA256?: string | undefined;
  readonly Body?: unknown;
}

class SignalledHandler extends NodeHttpHandler {
  override handle(...[request, options]: Parameters<NodeHttpHandler['handle']>) {
    const abortSignal = signals.getStore();
    return super.handle(request, abortSignal === undefined ? options : { ...options, abortSignal });
  }
}
