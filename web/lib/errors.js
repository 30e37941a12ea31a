// The one error that Fragnet throws.

/**
 * The one list of codes; those of src/base/error.hpp are among them.
 * @typedef {'bad-json' | 'bad-topology' | 'bad-weights' | 'missing-model' | 'missing-shard' | 'bad-shape' | 'bad-value' |
 *   'bad-array' | 'bad-input' | 'unsupported-op' | 'too-large' | 'no-webgl2' | 'no-wasm' | 'no-float-targets' |
 *   'shader-failed' | 'out-of-memory' | 'context-lost' | 'no-model' | 'download-failed' | 'file-failed' | 'aborted' |
 *   'disposed' | 'internal'} ErrorCode
 */

/**
 * A failure in words. `code` is one of a short fixed list, for programs; `message` is a sentence for people that says what
 * was expected, what came, and where.
 */
export class FragnetError extends Error {
  /**
   * @param {ErrorCode} code
   * @param {string} message
   * @param {{ cause?: unknown }} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = 'FragnetError';
    this.code = code;
  }
}

/**
 * Any thrown thing as a FragnetError.
 * @param {unknown} error
 * @returns {FragnetError}
 */
export function asFragnetError(error) {
  if (error instanceof FragnetError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RangeError && /alloc|memory|length/i.test(message)) {
    return new FragnetError('out-of-memory', `The browser has no memory left for this: ${message}`, {
      cause: error,
    });
  }
  return new FragnetError('internal', `Something failed that should not: ${message}`, { cause: error });
}
