import type { Row } from './decoded.ts';
import type { Fields } from './fields.ts';
import { EXEC_TYPES } from './records.ts';
import type { ExecutionRecord } from './records.ts';

/** One execution, as the stream and the execution list show it. */
export function executionRecord(row: Row, fields: Fields, settleCoin: string): ExecutionRecord {
  const execType = fields.word('execType', EXEC_TYPES);
  const fill = execType !== 'Funding';
  const record: ExecutionRecord = {
    execId: fields.id('execId'),
    orderId: fill ? fields.id('orderId') : fields.textOrAbsent('orderId'),
    orderLinkId: fields.text('orderLinkId'),
    symbol: fields.id('symbol'),
    execType,
    side: fields.side('side'),
    priceTicks: fill ? fields.price('execPrice') : 0,
    qtySteps: fields.qty('execQty'),
    fee: fields.money('execFee'),
    maker: fields.flag('isMaker'),
    timeMs: fields.timeText('execTime'),
    seq: fields.sequence('seq'),
    leavesSteps: fields.qtyOrNone('leavesQty'),
    closedSteps: fields.qtyOrNone('closedSize'),
  };
  if (fill && record.qtySteps === 0) fields.problem('execQty', 'a quantity above zero');
  const coin = row['feeCurrency'];
  if (coin !== undefined && coin !== '' && coin !== settleCoin) {
    fields.problem('feeCurrency', settleCoin);
  }
  return record;
}
