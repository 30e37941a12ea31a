// What the C++ side (src/wasm) shows to JavaScript. Methods that return a string return JSON: `{"ok": …}` or
// `{"error": {"code", "message"}}`. fragnet.js is the only file that uses this.

export interface Engine {
  open(contextHandle: number, options: string): string;
  readJson(modelJson: string): string;
  beginLoad(options: string): string;
  /** Where the next `bytes` bytes of the group go, as an offset into HEAPU8; 0: refused, see lastError(). */
  shardBuffer(group: number, bytes: number): number;
  finishWeights(): string;
  goOnLoading(): string;
  refine(): string;
  cancelLoad(): void;
  configure(options: string): string;
  /** Where frames are drawn to: a framebuffer by its place in GL.framebuffers, 0 for the canvas, and its size. */
  drawInto(framebuffer: number, width: number, height: number): void;
  /** 0: drawn, 1: no model, 2: context lost, more: see lastError(). Without a frame its size is 0 × 0. */
  draw(frame: unknown, width: number, height: number, isNew: boolean): number;
  /** Where predict() reads input `index`, as a byte offset; 0: refused, see lastError(). */
  inputBuffer(index: number): number;
  /** What input `index` holds while frames are drawn: a JSON text, see Engine::hold_input. */
  holdInput(index: number, fill: string): string;
  predict(): string;
  stats(): string;
  timings(): string;
  lastError(): string;
  heapBytes(): number;
  delete(): void;
}

export interface EngineModule {
  Engine: new () => Engine;
  HEAPU8: Uint8Array;
  HEAPF32: Float32Array;
  GL: {
    registerContext(context: WebGL2RenderingContext, attributes: Record<string, number>): number;
    deleteContext(handle: number): void;
    framebuffers: (WebGLFramebuffer | null)[];
    getNewId(table: unknown[]): number;
  };
  probe(contextHandle: number, isPhone: boolean): string;
}

export default function createFragnetEngine(options: {
  instantiateWasm(imports: WebAssembly.Imports, use: (instance: WebAssembly.Instance) => void): object;
}): Promise<EngineModule>;
