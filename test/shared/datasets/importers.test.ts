import { symlink } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { openBdd100k } from '../../../services/shared/datasets/bdd100k.ts';
import { openCamvid } from '../../../services/shared/datasets/camvid.ts';
import { openCityscapes } from '../../../services/shared/datasets/cityscapes.ts';
import type { DatasetSource } from '../../../services/shared/datasets/dataset-source.ts';
import { isImageId } from '../../../services/shared/datasets/image-id.ts';
import { openMasks } from '../../../services/shared/datasets/masks.ts';
import { validateSource } from '../../../services/shared/datasets/validate-source.ts';
import { decodeMask } from '../../../services/shared/images/images.ts';
import { makeTree, mask, picture, SIZE } from './tree.ts';

let image: Uint8Array;
beforeAll(async () => {
  image = await picture();
});

const idsOf = (source: DatasetSource) => source.images.map(({ imageId }) => imageId);
const classesOf = async (source: DatasetSource, index: number) => [
  ...(await decodeMask((await source.images[index]!.read()).groundTruth)).data,
];

describe('CamVid', () => {
  test('is read from train and val, its id 11 as void', async () => {
    await using tree = await makeTree({
      'train/images/b.png': image,
      'train/images/a.png': image,
      'train/labels/a.png': await mask([0, 10, 11]),
      'train/labels/b.png': await mask([3]),
      'val/images/c.png': image,
      'val/labels/c.png': await mask([5, 255]),
      'val/images/.DS_Store': 'hidden',
      'train/images/README.txt': 'not an image',
    });
    const source = await openCamvid(tree.folder);
    expect(idsOf(source)).toEqual(['train/a', 'train/b', 'val/c']);
    expect(source.images.map(({ split, size }) => ({ split, size }))).toEqual(
      ['train', 'train', 'val'].map((split) => ({ split, size: SIZE })),
    );
    expect((await classesOf(source, 0)).slice(0, 4)).toEqual([0, 10, 255, 0]);
    expect((await classesOf(source, 2)).slice(0, 2)).toEqual([5, 255]);
    expect(source.classMap.classes.map(({ name }) => name).join()).toBe(
      'sky,building,pole,road,pavement,tree,sign symbol,fence,car,pedestrian,bicyclist',
    );
    await validateSource(source);
  });

  test('hands on the bytes of a picture as they are', async () => {
    await using tree = await makeTree({
      'train/images/a.png': image,
      'train/labels/a.png': await mask([1]),
      'val/images/a.png': image,
      'val/labels/a.png': await mask([1]),
    });
    const source = await openCamvid(tree.folder);
    expect(Buffer.compare((await source.images[0]!.read()).image, image)).toBe(0);
  });

  test('any name of a file becomes an id that the registry takes, and distinct names distinct ones', async () => {
    const label = await mask([1]);
    await using tree = await makeTree({
      'train/images/straße 1.png': image,
      'train/labels/straße 1.png': label,
      'train/images/strasse_1.png': image,
      'train/labels/strasse_1.png': label,
      "train/images/it's (1)~*!.png": image,
      "train/labels/it's (1)~*!.png": label,
      'train/images/100%20.png': image,
      'train/labels/100%20.png': label,
      'val/images/東京.png': image,
      'val/labels/東京.png': label,
    });
    const ids = idsOf(await openCamvid(tree.folder));
    expect(new Set(ids).size).toBe(5);
    expect(ids.filter((id) => !isImageId(id))).toEqual([]);
    expect(ids.map(decodeURIComponent)).toContain("train/it's (1)~*!");
  });
});

describe('masks', () => {
  test('take their classes from classes.txt, and from classes.json before it', async () => {
    const label = await mask([0, 1, 255]);
    await using tree = await makeTree({
      'classes.txt': 'ground #010203\nthing\n',
      'train/images/a.png': image,
      'train/labels/a.png': label,
      'val/images/a.png': image,
      'val/labels/a.png': label,
    });
    const source = await openMasks(tree.folder);
    expect(source.classMap.classes[0]).toEqual({ name: 'ground', color: '#010203' });
    expect((await classesOf(source, 0)).slice(0, 3)).toEqual([0, 1, 255]);
    await tree.write({ 'classes.json': '["earth","sky"]' });
    expect((await openMasks(tree.folder)).classMap.classes[0]!.name).toBe('earth');
  });

  test('without a class file, or with a wrong one, are refused', async () => {
    await using tree = await makeTree();
    await expect(openMasks(tree.folder)).rejects.toThrow(
      `${tree.folder}: expected a file classes.json or classes.txt, got neither`,
    );
    await tree.write({ 'classes.txt': 'a\na\n' });
    await expect(openMasks(tree.folder)).rejects.toThrow(
      `${tree.at('classes.txt')}: line 2: expected a name of its own, got "a" again`,
    );
  });
});

describe('Cityscapes', () => {
  test('is read by city, its label ids brought to 19 training ids', async () => {
    const gt = 'gtFine/train/aachen/aachen_000000_000019_gtFine';
    await using tree = await makeTree({
      'leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png': image,
      [`${gt}_labelIds.png`]: await mask([7, 8, 11, 33, 0, 29]),
      [`${gt}_color.png`]: image,
      [`${gt}_instanceIds.png`]: image,
      [`${gt}_polygons.json`]: '{}',
      'leftImg8bit/train/zurich/zurich_000001_000019_leftImg8bit.png': image,
      'gtFine/train/zurich/zurich_000001_000019_gtFine_labelIds.png': await mask([26, 255]),
      'leftImg8bit/val/munster/munster_000000_000019_leftImg8bit.png': image,
      'gtFine/val/munster/munster_000000_000019_gtFine_labelIds.png': await mask([23]),
    });
    const source = await openCityscapes(tree.folder);
    expect(idsOf(source)).toEqual([
      'train/aachen_000000_000019',
      'train/zurich_000001_000019',
      'val/munster_000000_000019',
    ]);
    expect((await classesOf(source, 0)).slice(0, 6)).toEqual([0, 1, 2, 18, 255, 255]);
    expect((await classesOf(source, 1)).slice(0, 2)).toEqual([13, 255]);
    expect(source.classMap.classes).toHaveLength(19);
    expect(source.classMap.classes[10]).toEqual({ name: 'sky', color: '#4682b4' });
    expect(source.classMap.classes[18]!.name).toBe('bicycle');
  });

  test('refuses an id beyond its 34, and a tree without cities', async () => {
    await using tree = await makeTree({
      'leftImg8bit/train/x/x_leftImg8bit.png': image,
      'gtFine/train/x/x_gtFine_labelIds.png': await mask([34]),
      'leftImg8bit/val/x/x_leftImg8bit.png': image,
      'gtFine/val/x/x_gtFine_labelIds.png': await mask([7]),
    });
    const source = await openCityscapes(tree.folder);
    await expect(source.images[0]!.read()).rejects.toThrow(
      `${tree.at('gtFine/train/x/x_gtFine_labelIds.png')}: expected the label ids 0-33, 255, got 34 at row 0, column 0`,
    );
    await tree.remove('leftImg8bit/val/x');
    await expect(openCityscapes(tree.folder)).rejects.toThrow(
      `${tree.at('leftImg8bit/val')}: expected a folder for each city, got none`,
    );
  });

  test('refuses an image of another name', async () => {
    await using tree = await makeTree({
      'leftImg8bit/train/x/x_rightImg8bit.png': image,
      'gtFine/train/x/x_gtFine_labelIds.png': await mask([7]),
    });
    await expect(openCityscapes(tree.folder)).rejects.toThrow(
      'x_rightImg8bit.png: expected a name that ends with _leftImg8bit, got another',
    );
  });
});

describe('BDD100K', () => {
  test.each([
    ['labels/sem_seg/masks', ''],
    ['labels', ''],
    ['labels', '_train_id'],
  ])('is read with masks in %s named *%s.png', async (labels, suffix) => {
    await using tree = await makeTree({
      'images/10k/train/0a.png': image,
      [`${labels}/train/0a${suffix}.png`]: await mask([0, 18, 255]),
      'images/10k/val/0b.png': image,
      [`${labels}/val/0b${suffix}.png`]: await mask([2]),
    });
    const source = await openBdd100k(tree.folder);
    expect(idsOf(source)).toEqual(['train/0a', 'val/0b']);
    expect((await classesOf(source, 0)).slice(0, 3)).toEqual([0, 18, 255]);
    await tree.write({ [`${labels}/val/0b${suffix}.png`]: await mask([19]) });
    await expect(source.images[1]!.read()).rejects.toThrow('expected the label ids 0-18, 255, got 19');
  });
});

describe('a bad folder', () => {
  const good = async () => ({
    'train/images/a.png': image,
    'train/images/b.png': image,
    'train/labels/a.png': await mask([1]),
    'train/labels/b.png': await mask([2]),
    'val/images/c.png': image,
    'val/labels/c.png': await mask([3]),
  });
  const refusalOf = async (folder: string): Promise<string> => {
    const work = openCamvid(folder).then((source) => validateSource(source));
    const error: unknown = await work.then(
      () => expect.fail('was accepted'),
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'dataset' });
    const { message } = error as Error;
    expect(message).not.toContain('\n');
    return message;
  };

  test.each<[string, (tree: Awaited<ReturnType<typeof makeTree>>) => Promise<void>, string, string]>([
    ['without a split', (tree) => tree.remove('val'), 'val/images', 'expected a folder, got nothing there'],
    ['without labels', (tree) => tree.remove('train/labels'), 'train/labels', 'expected a folder, got nothing there'],
    [
      'with a label but no image',
      (tree) => tree.remove('train/images/a.png'),
      'train/labels/a.png',
      'expected an image named a beside this label, got none',
    ],
    [
      'with an image but no label',
      (tree) => tree.remove('train/labels/b.png'),
      'train/images/b.png',
      'expected a label named b for this image, got none',
    ],
    [
      'with a label cut off',
      async (tree) => tree.write({ 'train/labels/b.png': (await mask([1])).subarray(0, 40) }),
      'train/labels/b.png',
      'expected a whole PNG, got one that is truncated after 40 bytes',
    ],
    [
      'with a picture cut off',
      async (tree) => tree.write({ 'val/images/c.png': image.subarray(0, image.length - 20) }),
      'val/images/c.png',
      `expected a whole PNG, got one that is truncated after `,
    ],
    [
      'with an empty picture',
      (tree) => tree.write({ 'val/images/c.png': '' }),
      'val/images/c.png',
      'expected a PNG or JPEG image, got no bytes',
    ],
    [
      'with text for a picture',
      (tree) => tree.write({ 'val/images/c.png': 'picture!' }),
      'val/images/c.png',
      'expected a PNG or JPEG image, got 8 bytes that begin with 7069637475726521',
    ],
    [
      'with a label beyond the classes',
      async (tree) => tree.write({ 'train/labels/a.png': await mask([1, 1, 1, 1, 1, 1, 1, 37]) }),
      'train/labels/a.png',
      'expected the label ids 0-11, 255, got 37 at row 1, column 1',
    ],
    [
      'with a picture for a label',
      (tree) => tree.write({ 'train/labels/a.png': image }),
      'train/labels/a.png',
      'expected a mask as 8-bit grey or palette PNG, got 8-bit RGB',
    ],
  ])('%s is refused by name', async (_, spoil, file, sentence) => {
    await using tree = await makeTree(await good());
    await validateSource(await openCamvid(tree.folder));
    await spoil(tree);
    expect((await refusalOf(tree.folder)).startsWith(`${tree.at(file)}: ${sentence}`)).toBe(true);
  });

  test('that is empty, or not there, or a file, is refused by name', async () => {
    await using tree = await makeTree({ file: 'x', 'other/train/images/x.bmp': 'x' });
    expect(await refusalOf(tree.at('nowhere'))).toBe(
      `${tree.at('nowhere/train/images')}: expected a folder, got nothing there`,
    );
    expect(await refusalOf(tree.at('file'))).toBe(
      `${tree.at('file/train/images')}: expected a folder, got a path through a file`,
    );
    expect(await refusalOf(tree.at('other'))).toBe(
      `${tree.at('other/train/images')}: expected PNG or JPEG files, got none among 1 file, x.bmp the first`,
    );
    await tree.remove('other/train/images/x.bmp');
    expect(await refusalOf(tree.at('other'))).toBe(
      `${tree.at('other/train/images')}: expected PNG or JPEG files, got an empty folder`,
    );
  });

  test('with a mask of another size is refused, both sizes named', async () => {
    await using tree = await makeTree({
      ...(await good()),
      'train/labels/a.png': await mask([1], { height: 5, width: 6 }),
    });
    expect(await refusalOf(tree.folder)).toBe(
      `${tree.at('train/labels/a.png')}: expected a mask of 4x6 like ${tree.at('train/images/a.png')}, got 5x6`,
    );
  });

  test('with a picture that opens but does not decode is refused before anything could be sent', async () => {
    const jpeg = await sharp(image).resize(64, 64, { kernel: 'nearest' }).jpeg({ quality: 95 }).toBuffer();
    await using tree = await makeTree({
      ...(await good()),
      'val/labels/d.png': await mask([1], { height: 64, width: 64 }),
    });
    await tree.write({ 'val/images/d.jpg': jpeg });
    await validateSource(await openCamvid(tree.folder));
    await tree.write({ 'val/images/d.jpg': jpeg.subarray(0, -40) });
    expect(await refusalOf(tree.folder)).toBe(
      `${tree.at('val/images/d.jpg')}: expected a whole JPEG image of 64x64, got truncated or corrupt data`,
    );
  });

  test('with a link to nowhere is refused as unreadable', async () => {
    await using tree = await makeTree(await good());
    await tree.remove('train/labels/a.png');
    await symlink(tree.at('gone.png'), tree.at('train/labels/a.png'));
    expect(await refusalOf(tree.folder)).toBe(
      `${tree.at('train/labels/a.png')}: expected a readable file, got nothing there`,
    );
  });

  test('with two pictures of one name is refused', async () => {
    await using tree = await makeTree({ ...(await good()), 'train/images/a.jpg': image });
    expect(await refusalOf(tree.folder)).toBe(
      `${tree.at('train/images/a.png')}: expected one file named a, got ${tree.at('train/images/a.jpg')} too`,
    );
  });

  test('of several faults always names the same', async () => {
    await using tree = await makeTree({ ...(await good()), 'train/labels/b.png': 'x', 'val/labels/c.png': 'x' });
    for (let i = 0; i < 5; i++) expect(await refusalOf(tree.folder)).toContain(`${tree.at('train/labels/b.png')}: `);
  });
});
