// The order of groups is that of their values.
import { expect, it } from 'vitest';
import { byGroupName } from '../../src/analysis/group-order.ts';

it('has numbers by size before words, whatever order they came in', () => {
  const names = ['10', 'b', '2', '-1', '0.5', '1e2', '', 'a', '2x', '2.0', 'None'];
  const expected = ['-1', '0.5', '2', '2.0', '10', '1e2', '', '2x', 'None', 'a', 'b'];
  expect(names.toSorted(byGroupName)).toEqual(expected);
  expect(names.toReversed().sort(byGroupName)).toEqual(expected);
});
