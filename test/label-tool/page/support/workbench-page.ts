// The page as its user sees it, with pixels of the window in place of pixels of the screen.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { AnnotationTask } from '../../../../services/label-tool/api-types.ts';
import type { SuperpixelSize } from '../../../../services/label-tool/page/geometry/superpixel-steps.ts';
import type { Viewport } from '../../../../services/label-tool/page/geometry/viewport.ts';

export interface WorkbenchPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Superpixels of this size are there. */
  ready(superpixels?: SuperpixelSize): Promise<void>;
  /** Middles of pixels of the window, from the first to the last, as one stroke. */
  stroke(...pixels: readonly (readonly [number, number])[]): Promise<void>;
  click(x: number, y: number): Promise<void>;
  /** A place of the window as a place of the screen. */
  place(x: number, y: number): Promise<{ x: number; y: number }>;
  saved(): Promise<void>;
  /** Another region is worked on from now on. */
  lookAt(window: AnnotationTask['window']): void;
}

export interface OpenOptions {
  readonly window: AnnotationTask['window'];
  readonly name?: string;
  readonly colorScheme?: 'light' | 'dark';
  /** Runs in the page before its own scripts. */
  readonly script?: string;
  readonly size?: { readonly width: number; readonly height: number };
}

/** Opens the page in a profile of its own and signs in. */
export async function openWorkbench(
  browser: Browser,
  server: { readonly url: string },
  options: OpenOptions,
): Promise<WorkbenchPage> {
  const { name = 'Ada', colorScheme = 'light', size = { width: 1280, height: 800 } } = options;
  const context = await browser.newContext({ viewport: size, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  if (options.script) await page.addInitScript(options.script);
  await page.goto(`${server.url}#/label`);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Start' }).click();

  let { window } = options;
  const host = page.getByRole('application');
  const place = async (x: number, y: number) => {
    const view = JSON.parse((await host.getAttribute('data-view'))!) as Viewport;
    const box = (await host.boundingBox())!;
    return { x: box.x + view.x + view.scale * (window.left + x), y: box.y + view.y + view.scale * (window.top + y) };
  };
  return {
    page,
    context,
    ready: (superpixels = 'medium') => page.locator(`[data-superpixels="${superpixels}"]`).waitFor(),
    async stroke(...pixels) {
      for (const [i, [x, y]] of pixels.entries()) {
        const at = await place(x + 0.5, y + 0.5);
        await page.mouse.move(at.x, at.y, { steps: i === 0 ? 1 : 8 });
        if (i === 0) await page.mouse.down();
      }
      await page.mouse.up();
    },
    async click(x, y) {
      const at = await place(x, y);
      await page.mouse.click(at.x, at.y);
    },
    place,
    saved: () => page.locator('[data-save="saved"]').waitFor(),
    lookAt(next) {
      window = next;
    },
  };
}
