import { labelsOf } from './labels.ts'

/** Labels of numbers of things: behind one of these a weak shape is no number of a person. */
export const ofThings = labelsOf([
  ...[
    '订单',
    '单号',
    '流水',
    '流水号',
    '交易号',
    '合同',
    '合同编',
    '批次',
    '货号',
    '型号',
    '序列',
    '条码',
    '条形码',
    '发票',
    '发票代码',
    '项目编',
  ],
  ...['order', 'order no', 'order id', 'orderno', 'invoice', 'sku', 'serial', 'ticket', 'batch', 'traceid', 'trace'],
])
