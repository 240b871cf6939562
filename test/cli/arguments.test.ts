import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../services/cli/arguments.ts';
import { PRESET_NAMES } from '../../services/shared/campaign/campaign-flags.ts';
import { CpralError } from '../../services/shared/errors.ts';

const parse = (line: string) => parseArguments(line.split(' ').filter(Boolean), '1.2.3');

const CONNECTION = { address: undefined, home: '.cpral', workers: 1, logLevel: 'info' };
const REMOTE = { ...CONNECTION, address: 'host:50051' };
const RUN = {
  connection: CONNECTION,
  dataset: 'camvid:data',
  strategy: 'cpral',
  preset: undefined,
  flags: {},
  encoderWeights: undefined,
  control: 'random',
  full: false,
  dryRun: false,
  out: 'out/run',
  json: false,
};

describe('a command line becomes a command', () => {
  it.each([
    [
      'serve',
      {
        ...{ name: 'serve', home: '.cpral', workers: 1, listen: '127.0.0.1:50051', logLevel: 'info' },
        pageListens: ['127.0.0.1:8080', '127.0.0.1:0'],
      },
    ],
    [
      'serve --page none',
      { name: 'serve', home: '.cpral', workers: 1, listen: '127.0.0.1:50051', pageListens: [], logLevel: 'info' },
    ],
    [
      'serve --home /var/cpral --workers 4 --listen [::1]:0 --page 127.0.0.1:9000 --log-level debug',
      {
        ...{ name: 'serve', home: '/var/cpral', workers: 4, listen: '[::1]:0', logLevel: 'debug' },
        pageListens: ['127.0.0.1:9000'],
      },
    ],
    ['health a:1 b:2 --wait 5', { name: 'health', addresses: ['a:1', 'b:2'], waitSeconds: 5 }],
    ['dataset import camvid:data', { name: 'dataset import', connection: CONNECTION, dataset: 'camvid:data' }],
    ['dataset list --address host:50051', { name: 'dataset list', connection: REMOTE, json: false }],
    ['dataset show abc --json', { name: 'dataset show', connection: CONNECTION, id: 'abc', json: true }],
    ['campaign list --json', { name: 'campaign list', connection: CONNECTION, json: true }],
    ['campaign show cpral-1', { name: 'campaign show', connection: CONNECTION, id: 'cpral-1', json: false }],
    ['campaign watch cpral-1', { name: 'campaign watch', connection: CONNECTION, id: 'cpral-1' }],
    ['campaign resume cpral-1', { name: 'campaign resume', connection: CONNECTION, id: 'cpral-1' }],
    ['campaign resume', { name: 'campaign resume', connection: CONNECTION, id: undefined }],
    ['work list', { name: 'work list', connection: CONNECTION, json: false, campaignId: undefined, state: undefined }],
    [
      'work list --campaign c --state parked --json',
      { name: 'work list', connection: CONNECTION, json: true, campaignId: 'c', state: 'parked' },
    ],
    [
      'work redrive a/0/2/0 a/1/2/0',
      { name: 'work redrive', connection: CONNECTION, itemIds: ['a/0/2/0', 'a/1/2/0'], campaignId: undefined },
    ],
    ['work redrive --campaign a', { name: 'work redrive', connection: CONNECTION, itemIds: [], campaignId: 'a' }],
    [
      'export labels cpral-1 --out dir',
      { name: 'export labels', connection: CONNECTION, id: 'cpral-1', out: 'dir', format: 'png' },
    ],
    [
      'export labels cpral-1 --out dir --format coco',
      { name: 'export labels', connection: CONNECTION, id: 'cpral-1', out: 'dir', format: 'coco' },
    ],
    [
      'export model m1 --out m.safetensors',
      { name: 'export model', connection: CONNECTION, id: 'm1', out: 'm.safetensors', format: 'safetensors' },
    ],
  ])('%s', (line, command) => {
    expect(parse(line)).toEqual(command);
  });

  it.each([
    ['', {}],
    ['--strategy region-only', { strategy: 'region-only' }],
    ['--preset paper-bdd100k', { preset: 'paper-bdd100k' }],
    ['--preset paper', { preset: 'paper' }],
    ['--cycles 5', { flags: { cycles: 5 } }],
    ['--initial 40 --budget 20.5 --subset 80', { flags: { initialImages: 40, budgetImages: 20.5, subsetImages: 80 } }],
    ['--region 1', { flags: { regionSizePx: 1 } }],
    ['--size 180x240', { flags: { size: { height: 180, width: 240 } } }],
    ['--precision bfloat16', { flags: { precision: 'bfloat16' } }],
    ['--dropout classifier', { flags: { dropoutPlacement: 'classifier' } }],
    ['--encoder mobilenetv2 --encoder-weights none', { flags: { encoder: 'mobilenetv2' }, encoderWeights: 'none' }],
    ['--epochs 50 --batch 4', { flags: { epochs: 50, batchSize: 4 } }],
    ['--steps 450', { flags: { steps: 450 } }],
    ['--passes 20 --seed 0', { flags: { passes: 20, seed: 0 } }],
    ['--seed 4294967295', { flags: { seed: 4294967295 } }],
    ['--oracle-noise 0.2 --noise-unit pixel', { flags: { oracleNoise: 0.2, noiseUnit: 'pixel' } }],
    ['--spacing 0', { flags: { regionSpacingPx: 0 } }],
    ['--extension-features encoder', { flags: { extensionFeatures: 'encoder' } }],
    ['--control none --full --json --out there', { control: 'none', full: true, json: true, out: 'there' }],
    ['--dry-run', { dryRun: true }],
    ['--address host:50051 --home h', { connection: { ...REMOTE, home: 'h' } }],
  ])('run --dataset camvid:data %s', (flags, changes) => {
    expect(parse(`run --dataset camvid:data ${flags}`)).toEqual({ name: 'run', options: { ...RUN, ...changes } });
  });

  it('demo is a quick run on synthetic scenes that every flag of run can change', () => {
    const options = { ...RUN, dataset: 'synthetic:train=60,val=24', preset: 'quick', out: 'out/demo' };
    expect(parse('demo')).toEqual({ name: 'demo', options });
    expect(parse('demo --dataset camvid:data --preset camvid --cycles 2 --out o')).toEqual({
      name: 'demo',
      options: { ...options, dataset: 'camvid:data', preset: 'camvid', flags: { cycles: 2 }, out: 'o' },
    });
  });
});

describe('a wrong command line is refused in one line that names the flag, what was expected and what arrived', () => {
  it.each([
    ['run', '--dataset: expected FORMAT:PATH, got nothing'],
    ['run --dataset', '--dataset: expected <format:path>, got nothing'],
    ['run --dataset x --cycles', '--cycles: expected <n>, got nothing'],
    ['run --dataset x --cycles two', '--cycles: expected a whole number from 1 to 1000, got "two"'],
    ['run --dataset x --cycles 0', '--cycles: expected a whole number from 1 to 1000, got "0"'],
    ['run --dataset x --cycles 1001', '--cycles: expected a whole number from 1 to 1000, got "1001"'],
    ['run --dataset x --initial 1.5', '--initial: expected a whole number of at least 1, got "1.5"'],
    ['run --dataset x --initial -3', '--initial: expected a whole number of at least 1, got "-3"'],
    ['run --dataset x --budget 0', '--budget: expected a number above 0, got "0"'],
    ['run --dataset x --budget 1e999', '--budget: expected a number above 0, got "1e999"'],
    ['run --dataset x --region 22', '--region: expected an odd number of pixels, got "22"'],
    ['run --dataset x --size 180', '--size: expected height x width in pixels, such as 180x240, got "180"'],
    ['run --dataset x --size 0x240', '--size: expected height x width in pixels, such as 180x240, got "0x240"'],
    ['run --dataset x --noise-unit object', '--noise-unit: expected segment or pixel, got "object"'],
    ['run --dataset x --spacing 0.5', '--spacing: expected a whole number from 0 to 4096, got "0.5"'],
    ['run --dataset x --dropout late', '--dropout: expected encoder or classifier, got "late"'],
    ['run --dataset x --precision half', '--precision: expected float32 or bfloat16, got "half"'],
    ['run --dataset x --encoder vgg', '--encoder: expected mobilenetv2, drn-d-22, drn-d-38 or drn-d-54, got "vgg"'],
    ['run --dataset x --batch 3', '--batch: expected an even number, got "3"'],
    ['run --dataset x --seed 4294967296', '--seed: expected a whole number of at least 0, got "4294967296"'],
    ['run --dataset x --oracle-noise 20', '--oracle-noise: expected a share from 0 to 1, got "20"'],
    ['run --dataset x --control half', '--control: expected random or none, got "half"'],
    [
      'run --dataset x --preset best',
      '--preset: expected quick, camvid, paper-cityscapes, paper-bdd100k or paper, got "best"',
    ],
    ['run --dataset x --steps 4 --epochs 2', '--steps: expected either this or --epochs, got both'],
    ['run --dataset x --address nowhere', '--address: expected host:port, such as 127.0.0.1:50051, got "nowhere"'],
    ['serve --page everywhere', '--page: expected host:port, such as 127.0.0.1:50051, got "everywhere"'],
    ['serve --listen host:99999', '--listen: expected host:port, such as 127.0.0.1:50051, got "host:99999"'],
    ['run --datasett x', "unknown option '--datasett' (Did you mean --dataset?)"],
    ['frobnicate', "unknown command 'frobnicate'"],
    ['serve now', "too many arguments for 'serve'. Expected 0 arguments but got 1."],
    ['dataset', 'cpral dataset: expected a command after it; cpral dataset --help lists them'],
    ['dataset show', 'DATASET: expected it after the command, got nothing'],
    ['export labels x', '--out: expected a folder, got nothing'],
    ['export labels x --out d --format voc', '--format: expected png or coco, got "voc"'],
    ['export model x --out m --format tflite', '--format: expected safetensors or onnx, got "tflite"'],
    ['export model x', '--out: expected a file, got nothing'],
  ])('%s', (line, message) => {
    let error: unknown;
    try {
      parse(line);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(CpralError);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message });
  });

  it('repeats no more of a value than a line holds', () => {
    expect(() => parse(`run --dataset x --cycles ${'9'.repeat(5000)}`)).toThrow(/^.{1,160}$/);
  });
});

describe('help', () => {
  const helpOf = (line: string) => {
    const command = parse(line);
    if (command.name !== 'help') throw new Error(`expected help, got ${command.name}`);
    return command.text;
  };

  it('answers a bare command with the list of commands', () => {
    for (const name of ['serve', 'run', 'demo', 'dataset', 'campaign', 'export'])
      expect(helpOf('')).toContain(`  ${name}`);
    expect(helpOf('--help')).toBe(helpOf(''));
  });

  it('describes every flag of run and every preset', () => {
    const text = helpOf('run --help');
    const flags = [...text.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)[^\n]*? {2,}(\S)/gm)].map((match) => match[1]);
    expect(flags).toEqual(
      expect.arrayContaining([
        '--dataset',
        '--strategy',
        '--cycles',
        '--initial',
        '--subset',
        '--budget',
        '--region',
        '--size',
      ]),
    );
    expect(flags).toEqual(
      expect.arrayContaining([
        '--encoder',
        '--precision',
        '--dropout',
        '--encoder-weights',
        '--epochs',
        '--batch',
        '--passes',
        '--seed',
        '--oracle-noise',
      ]),
    );
    expect(flags).toEqual(
      expect.arrayContaining(['--control', '--full', '--out', '--json', '--home', '--address', '--preset']),
    );
    for (const name of PRESET_NAMES) expect(text).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'));
  });

  it('prints the version', () => {
    expect(helpOf('--version')).toBe('1.2.3\n');
  });
});
