// Counts the bytes of a page's WebAssembly memories, whatever its library says of itself. Injected before a page's own
// scripts run, so it is one self-contained function.
//
// window.wasmBytes(): the size of all memories that the page has made or been given by an instance.
export function countWasmBytes() {
  /** @type {Set<WebAssembly.Memory>} */
  const memories = new Set();
  const note = (/** @type {any} */ made) => {
    const instance = made instanceof WebAssembly.Instance ? made : made.instance;
    for (const value of Object.values(instance.exports))
      if (value instanceof Memory) memories.add(/** @type {WebAssembly.Memory} */ (value));
    return made;
  };
  const { Memory, instantiate, instantiateStreaming } = WebAssembly;
  WebAssembly.instantiate = /** @type {any} */ (
    (/** @type {any} */ ...args) => /** @type {any} */ (instantiate).apply(WebAssembly, args).then(note)
  );
  WebAssembly.instantiateStreaming = (...args) => instantiateStreaming.apply(WebAssembly, args).then(note);
  WebAssembly.Memory = new Proxy(Memory, {
    construct(target, args) {
      const memory = Reflect.construct(target, args);
      memories.add(memory);
      return memory;
    },
  });
  /** @type {any} */ (window).wasmBytes = () =>
    [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}
