import { PNG } from 'pngjs'

const SIDE = 120

/** A small square picture, different for each number: two colours that run into each other, and a disc. */
export function drawPicture(number: number): Buffer {
  const png = new PNG({ width: SIDE, height: SIDE })
  const hue = (number * 47) % 360
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const isDisc = (x - SIDE / 2) ** 2 + (y - SIDE / 2) ** 2 < (SIDE / 3) ** 2
      const colour = isDisc ? colourOf(hue + 160, 0.8) : colourOf(hue + (x + y) / 8, 0.55)
      png.data.set([...colour, 255], (y * SIDE + x) * 4)
    }
  }
  return PNG.sync.write(png, { colorType: 2 })
}

/** Red, green, blue from 0 to 255 of a hue in degrees and a lightness from 0 to 1, at medium saturation. */
function colourOf(hue: number, lightness: number): [number, number, number] {
  const chroma = 0.5 * Math.min(lightness, 1 - lightness)
  const channel = (shift: number) => {
    const k = (shift + hue / 30) % 12
    return Math.round(255 * (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}
