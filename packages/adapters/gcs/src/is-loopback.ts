/** Whether an endpoint is of this machine. */
export function isLoopback(endpoint: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(endpoint).hostname);
}
