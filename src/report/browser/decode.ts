/** Unpacks what pack.ts packed. */
export const DECODE_SCRIPT = String.raw`
function bytesOf(base64) {
  var text = atob(base64),
    bytes = new Uint8Array(text.length);
  for (var i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function varints(base64) {
  var bytes = bytesOf(base64),
    at = 0;
  return function () {
    var value = 0,
      scale = 1,
      byte;
    do {
      byte = bytes[at++];
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128);
    return value % 2 ? -(value + 1) / 2 : value / 2;
  };
}

function float32s(base64) {
  return new Float32Array(bytesOf(base64).buffer);
}

function float24s(base64) {
  var bytes = bytesOf(base64),
    count = bytes.length / 3;
  var bits = new Uint32Array(count);
  for (var i = 0, at = 0; i < count; i++, at += 3) {
    bits[i] = (bytes[at] << 8) | (bytes[at + 1] << 16) | (bytes[at + 2] << 24);
  }
  return new Float32Array(bits.buffer);
}

function uint16s(base64) {
  return new Uint16Array(bytesOf(base64).buffer);
}

function uint24s(base64) {
  var bytes = bytesOf(base64),
    values = new Uint32Array(bytes.length / 3);
  for (var i = 0, at = 0; i < values.length; i++, at += 3) {
    values[i] = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
  }
  return values;
}

/** First index whose value is not below the wanted one. */
function lowerBound(column, value) {
  var low = 0,
    high = column.length;
  while (low < high) {
    var middle = (low + high) >>> 1;
    if (column[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
`;
