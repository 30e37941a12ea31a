// What the C++ side (src/wasm/bindings.cpp) shows to JavaScript; engine.js is the only file that uses it. `instance` and what
// the functions return are addresses in the heap, 0 for none; those of texts have a zero behind the last byte.

export interface EngineModule {
  _fragnet_create(): number;
  _fragnet_delete(instance: number): void;
  /** Where the next text goes, which has so many bytes. */
  _fragnet_text(instance: number, bytes: number): number;
  _fragnet_shard_buffer(instance: number, group: number, bytes: number): number;
  _fragnet_input_buffer(instance: number, index: number): number;
  _fragnet_cancel_load(instance: number): void;
  _fragnet_draw_into(instance: number, framebuffer: number, width: number, height: number): void;
  _fragnet_draw(instance: number, width: number, height: number, isNew: boolean): number;
  _fragnet_heap_bytes(): number;
  /** The others answer in text. */
  [name: `_fragnet_${string}`]: (...given: any[]) => any;

  /** What draw() is to upload. */
  frame: unknown;
  HEAPU8: Uint8Array;
  HEAPF32: Float32Array;
  GL: {
    registerContext(context: WebGL2RenderingContext, attributes: Record<string, number>): number;
    deleteContext(handle: number): void;
    framebuffers: (WebGLFramebuffer | null)[];
    getNewId(table: unknown[]): number;
  };
}

export default function createFragnetEngine(options: {
  instantiateWasm(imports: WebAssembly.Imports, use: (instance: WebAssembly.Instance) => void): object;
}): Promise<EngineModule>;
