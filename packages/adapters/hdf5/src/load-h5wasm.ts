import type * as H5wasm from 'h5wasm/node';

let loading: Promise<typeof H5wasm> | undefined;

/**
 * Loads h5wasm when it is first needed, in a fifth of a second. Without its throwing error handler a missing filter gives
 * uninitialised memory as values, and a damaged chunk zeros.
 */
export function loadH5wasm(): Promise<typeof H5wasm> {
  loading ??= load();
  return loading;
}

async function load(): Promise<typeof H5wasm> {
  const library = await import('h5wasm/node');
  const module = await library.ready;
  module.activate_throwing_error_handler();
  return library;
}
