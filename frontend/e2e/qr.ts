import type { Locator } from "@playwright/test";
import decodeQR from "qr/decode.js";

/** Reads a QR code as a camera does: from the pixels that a person sees. */
export async function scan(code: Locator): Promise<string> {
  const png = (await code.screenshot()).toString("base64");
  const blank = await code.page().context().newPage(); // without our content security policy
  const image = await blank.evaluate(async (encoded) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${encoded}`;
    await picture.decode();
    const { width, height } = picture;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(picture, 0, 0);
    return { width, height, data: [...context.getImageData(0, 0, width, height).data] };
  }, png);
  await blank.close();
  return decodeQR({ ...image, data: Uint8Array.from(image.data) });
}
