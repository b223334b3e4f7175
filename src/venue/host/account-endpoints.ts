import type { Instrument } from '../../engine/instrument.ts';
import { averageText, moneyText, sideWord } from '../exchange/decimals.ts';
import { parameter } from '../exchange/order-ask.ts';
import type { Body } from '../exchange/order-ask.ts';
import { pageBelow, readCursor, readLimit } from '../exchange/paging.ts';
import type { ExecutionTruth, Truth } from '../exchange/records.ts';
import { refusal } from '../exchange/ret-codes.ts';
import type { Refusal } from '../exchange/ret-codes.ts';

type Result = Readonly<Record<string, unknown>>;

const RET_MODE_UNCHANGED = 110025;
const RET_MARGIN_UNCHANGED = 110026;
const RET_MODE_BLOCKED = 110024;

/** What the key that trades here may do, as user/query-api says it; tests give it others. */
export type KeyInfo = Readonly<Record<string, unknown>>;

const USUAL_KEY: KeyInfo = {
  id: '1',
  note: 'emulated',
  apiKey: '',
  readOnly: 0,
  secret: '',
  permissions: {
    ContractTrade: ['Order', 'Position'],
    Spot: [],
    Wallet: [],
    Options: [],
    Derivatives: [],
    CopyTrading: [],
    BlockTrade: [],
    Exchange: [],
    NFT: [],
    Affiliate: [],
    Earn: [],
  },
  ips: ['127.0.0.1'],
  type: 1,
  deadlineDay: 89,
  expiredAt: '2099-01-01T00:00:00Z',
  createdAt: '2024-01-01T00:00:00Z',
  unified: 0,
  uta: 1,
  userID: 1,
  inviterID: 0,
  vipLevel: 'No VIP',
  mktMakerLevel: '0',
  affiliateID: 0,
  rsaPublicKey: '',
  isMaster: false,
  parentUid: '1',
  kycLevel: 'LEVEL_DEFAULT',
  kycRegion: '',
};

/** What an account says of itself, apart from its orders and money. */
export class AccountEndpoints {
  keyInfo: KeyInfo = USUAL_KEY;
  readonly #instrument: Instrument;
  readonly #truth: Truth;
  readonly #isolated: boolean;
  readonly #startMs: number;

  constructor(instrument: Instrument, truth: Truth, isolated: boolean, startMs: number) {
    this.#instrument = instrument;
    this.#truth = truth;
    this.#isolated = isolated;
    this.#startMs = startMs;
  }

  changeKey(changes: KeyInfo): void {
    this.keyInfo = { ...this.keyInfo, ...changes };
  }

  /** Undefined for a path that is not one of these. */
  read(path: string, query: Body): Result | Refusal | undefined {
    switch (path) {
      case '/v5/account/fee-rate':
        return this.#feeRate(query);
      case '/v5/account/info':
        return this.#info();
      case '/v5/user/query-api':
        return this.keyInfo;
      case '/v5/position/closed-pnl':
        return this.#closedPnl(query);
      case '/v5/asset/coin/query-info':
        return { rows: [] };
      default:
        return undefined;
    }
  }

  write(path: string, body: Body): Result | Refusal | undefined {
    switch (path) {
      case '/v5/position/switch-mode':
        if (Number(body['mode']) === 0) return refusal(RET_MODE_UNCHANGED, 'already in this mode');
        return refusal(RET_MODE_BLOCKED, 'only one-way mode is offered here');
      case '/v5/position/switch-isolated':
        if ((Number(body['tradeMode']) === 1) === this.#isolated)
          return refusal(RET_MARGIN_UNCHANGED, 'already in this margin mode');
        return parameter('tradeMode');
      case '/v5/account/set-margin-mode': {
        const wanted = this.#isolated ? 'ISOLATED_MARGIN' : 'REGULAR_MARGIN';
        return body['setMarginMode'] === wanted ? { reasons: [] } : parameter('setMarginMode');
      }
      default:
        return undefined;
    }
  }

  #feeRate(query: Body): Result | Refusal {
    const { spec, symbol } = this.#instrument;
    if (query['category'] !== spec.category) return parameter('category');
    const asked = query['symbol'];
    if (asked !== undefined && asked !== '' && asked !== symbol) return parameter('symbol');
    const { takerFeeRate, makerFeeRate } = spec;
    return {
      category: spec.category,
      list: [{ symbol, baseCoin: '', takerFeeRate, makerFeeRate }],
    };
  }

  #info(): Result {
    return {
      unifiedMarginStatus: 6,
      marginMode: this.#isolated ? 'ISOLATED_MARGIN' : 'REGULAR_MARGIN',
      isMasterTrader: false,
      spotHedgingStatus: 'OFF',
      updatedTime: String(this.#startMs),
      dcpStatus: 'OFF',
      timeWindow: 10,
      smpGroup: 0,
    };
  }

  /** One row an execution that closed something; its pnl is net of that execution's own fee. */
  #closedPnl(query: Body): Result | Refusal {
    const limit = readLimit(query['limit'], 50, 100);
    const below = readCursor(query['cursor']);
    if (typeof limit !== 'number') return limit;
    if (typeof below !== 'number') return below;
    const list = this.#truth.executions;
    const row = (index: number): object | undefined => {
      const execution = list[index];
      return execution === undefined || execution.closedSteps === 0
        ? undefined
        : this.#closedRow(execution);
    };
    const timeOf = (index: number): number => list[index]?.timeMs ?? 0;
    const page = pageBelow(below, list.length, limit, row, timeOf);
    const category = this.#instrument.spec.category;
    return { category, nextPageCursor: page.cursor, list: page.rows };
  }

  #closedRow(execution: ExecutionTruth): object {
    const instrument = this.#instrument;
    const { closedSteps, priceTicks, pnlMoney, side } = execution;
    const exit = instrument.value(closedSteps, priceTicks);
    const gain = side > 0 !== instrument.inverse ? 1 : -1;
    const entry = exit + gain * pnlMoney;
    const perStep = entry / closedSteps / instrument.valuePerStep(1);
    const entryTicks = instrument.inverse ? 1 / perStep : perStep;
    return {
      symbol: instrument.symbol,
      orderId: execution.orderId,
      side: sideWord(side),
      qty: instrument.formatQty(execution.orderQtySteps),
      orderPrice: instrument.formatPrice(execution.orderPriceTicks),
      orderType: execution.order?.orderType ?? 'Market',
      execType: execution.execType,
      closedSize: instrument.formatQty(closedSteps),
      cumEntryValue: moneyText(instrument, entry),
      avgEntryPrice: averageText(instrument, entryTicks),
      cumExitValue: moneyText(instrument, exit),
      avgExitPrice: instrument.formatPrice(priceTicks),
      closedPnl: moneyText(instrument, pnlMoney - execution.feeMoney),
      fillCount: '1',
      leverage: instrument.spec.leverage,
      openFee: '',
      closeFee: moneyText(instrument, execution.feeMoney),
      createdTime: String(execution.timeMs),
      updatedTime: String(execution.timeMs),
    };
  }
}
