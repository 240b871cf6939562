import { describe, expect, test } from 'vitest';
import { entropyOfVotes, entropyTerms } from '../../services/region-selector/entropy-of-votes.ts';

const votesOf = (...passes: number[][]) => Uint8Array.from(passes.flat());

describe('entropyOfVotes', () => {
  test('twenty equal votes over twenty classes: log2 20', () => {
    const votes = Uint8Array.from({ length: 20 }, (_, pass) => pass);
    expect(entropyOfVotes(votes, { passes: 20, classCount: 20 })[0]).toBeCloseTo(Math.log2(20), 14);
  });

  test('all votes equal: exactly 0, and not -0', () => {
    const [entropy] = entropyOfVotes(new Uint8Array(20).fill(7), { passes: 20, classCount: 19 });
    expect(Object.is(entropy, 0)).toBe(true);
  });

  test('half and half is one bit, a quarter each is two', () => {
    const votes = votesOf([0, 0], [0, 1], [1, 2], [1, 3]);
    expect([...entropyOfVotes(votes, { passes: 4, classCount: 4 })]).toEqual([1, 2]);
  });

  test('pixels are apart and the order of passes does not matter', () => {
    const votes = votesOf([0, 1, 2], [0, 2, 2], [1, 1, 2]);
    const turned = votesOf([1, 1, 2], [0, 1, 2], [0, 2, 2]);
    const options = { passes: 3, classCount: 3 };
    const third = -(2 / 3) * Math.log2(2 / 3) - (1 / 3) * Math.log2(1 / 3);
    expect(entropyOfVotes(votes, options)).toEqual(entropyOfVotes(turned, options));
    expect(entropyOfVotes(votes, options)[0]).toBeCloseTo(third, 14);
    expect(entropyOfVotes(votes, options)[2]).toBe(0);
  });

  test('a vote for no class and passes that do not fit are bugs', () => {
    expect(() => entropyOfVotes(Uint8Array.of(0, 5), { passes: 2, classCount: 5 })).toThrow('classes below 5, got 5');
    expect(() => entropyOfVotes(new Uint8Array(5), { passes: 2, classCount: 5 })).toThrow('2 passes of equal size');
  });
});

test('entropyTerms has a term for each number of votes, zero at both ends', () => {
  expect([...entropyTerms(2)]).toEqual([0, 0.5, 0]);
  expect(entropyTerms(20)).toHaveLength(21);
});
