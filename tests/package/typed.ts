// What TypeScript makes of the packed types: this has to be right under --strict, and what is marked has to be wrong.
import { Fragnet, FragnetError, type ErrorCode, type ModelInfo, type Stats } from 'fragnet';
import { FragnetView } from 'fragnet/view';

export async function paint(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  video: HTMLVideoElement,
): Promise<Stats> {
  using net = await Fragnet.create(canvas, {
    precision: 'rgba8',
    wasm: new URL('https://example.org/fragnet.wasm'),
  });
  const info: ModelInfo = await net.load('model.json', {
    fetch: { credentials: 'include' },
    onProgress: ({ phase, loaded, total }) => console.log(phase, loaded / total),
  });
  net.addEventListener('ports', () => console.log(info.outputs[0]?.picture?.kind));
  const isDrawn: boolean = net.draw(video, {
    augmentation: { type: 'paper', contrast: 1.5 },
    view: 'both',
    skip: 'never',
  });
  const texture: WebGLTexture | null = net.texture;
  console.log(isDrawn, texture);
  // @ts-expect-error there is no such precision
  await Fragnet.create(canvas, { precision: 'fp64' });
  // @ts-expect-error a frame is no address
  net.draw('picture.png');
  // @ts-expect-error it comes from create()
  new Fragnet(canvas);
  return net.stats();
}

export function advice(error: unknown): string {
  if (!(error instanceof FragnetError)) throw error;
  const code: ErrorCode = error.code;
  // @ts-expect-error there is no such code
  if (code === 'bad-luck') return 'Try again.';
  return code === 'missing-shard' ? 'Copy the whole folder.' : error.message;
}

const view: FragnetView = new FragnetView();
view.options = { show: 'mask', channel: 0 };
console.log(view.net?.busy);
