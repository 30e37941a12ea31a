// What cameras see, drawn on a canvas: a face before a wall, and a table from above with a cup, a cloth and keys. Runs in
// the page; both are the same at every call.

/** @param {'face' | 'table'} name @returns {HTMLCanvasElement} 640×480 */
export function paintScene(name) {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 480;
  const context = canvas.getContext('2d');

  const glow = (x, y, radius, stops) => {
    const gradient = context.createRadialGradient(x, y, 0, x, y, radius);
    stops.forEach((colour, index) => gradient.addColorStop(index / (stops.length - 1), colour));
    return gradient;
  };
  const ellipse = (x, y, across, down, fill, turn = 0) => {
    context.fillStyle = fill;
    context.beginPath();
    context.ellipse(x, y, across, down, turn, 0, 7);
    context.fill();
  };
  const line = (width, colour, draw) => {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.lineCap = 'round';
    context.beginPath();
    draw();
    context.stroke();
  };
  // Grain, as every sensor has it.
  const grain = () => {
    const picture = context.getImageData(0, 0, 640, 480);
    let state = 1;
    for (let i = 0; i < picture.data.length; i += 4) {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      const noise = ((state >> 16) % 13) - 6;
      for (let c = 0; c < 3; c++) picture.data[i + c] += noise;
    }
    context.putImageData(picture, 0, 0);
  };

  if (name === 'face') {
    context.fillStyle = glow(180, 120, 620, ['#b9c4c9', '#8b98a3', '#5b6570']);
    context.fillRect(0, 0, 640, 480);
    context.fillStyle = '#47525c';
    context.fillRect(470, 40, 120, 170);
    context.fillStyle = '#cfd9dc';
    context.fillRect(480, 50, 100, 150);
    ellipse(320, 500, 215, 130, glow(280, 420, 260, ['#4d6a8c', '#33496b', '#22324c']));
    context.fillStyle = glow(310, 390, 90, ['#d9a583', '#b67f5f']);
    context.fillRect(275, 330, 90, 90);
    ellipse(320, 205, 128, 150, '#2f211a');
    ellipse(320, 240, 102, 132, glow(285, 210, 190, ['#f3cdb0', '#e0ac88', '#ab7455']));
    ellipse(218, 250, 15, 30, '#c98f6d');
    ellipse(422, 250, 15, 30, '#a97152');
    line(42, '#2f211a', () => {
      context.moveTo(225, 185);
      context.quadraticCurveTo(300, 95, 415, 185);
    });
    for (const x of [276, 366]) {
      ellipse(x, 226, 21, 11, '#f6f1ea');
      ellipse(x + 1, 226, 10, 10, '#5b3f2a');
      ellipse(x + 1, 226, 5, 5, '#120c08');
      ellipse(x + 4, 222, 2.5, 2.5, '#ffffff');
      line(6, '#38271d', () => {
        context.moveTo(x - 26, 203);
        context.quadraticCurveTo(x, 190, x + 26, 203);
      });
    }
    line(5, '#b67c5b', () => {
      context.moveTo(323, 235);
      context.quadraticCurveTo(340, 280, 318, 284);
    });
    line(9, '#a4514b', () => {
      context.moveTo(283, 318);
      context.quadraticCurveTo(320, 338, 358, 316);
    });
  } else {
    context.fillStyle = glow(220, 160, 620, ['#a9805a', '#8a633f', '#5c3f27']);
    context.fillRect(0, 0, 640, 480);
    for (let y = 10; y < 480; y += 34)
      line(2, 'rgb(60 38 20 / 35%)', () => {
        context.moveTo(0, y);
        context.bezierCurveTo(200, y + 12, 420, y - 12, 640, y + 6);
      });
    context.save();
    context.translate(120, 250);
    context.rotate(-0.25);
    context.fillStyle = '#e8e2d5';
    context.fillRect(-90, -60, 260, 210);
    for (let i = 0; i < 5; i++) {
      context.fillStyle = 'rgb(176 58 52 / 75%)';
      context.fillRect(-90 + i * 56, -60, 22, 210);
    }
    context.restore();
    ellipse(432, 182, 104, 100, 'rgb(30 18 10 / 45%)');
    ellipse(420, 168, 98, 96, glow(390, 140, 130, ['#ffffff', '#e4e6ea', '#aab0b8']));
    ellipse(420, 168, 70, 68, glow(410, 160, 80, ['#f2f3f5', '#c7ccd2']));
    ellipse(420, 168, 56, 54, glow(405, 155, 70, ['#6b4226', '#3c2212']));
    line(18, '#dfe2e6', () => context.arc(525, 178, 26, -1.6, 1.6));
    line(7, '#1c1c20', () => {
      context.moveTo(0, 430);
      context.bezierCurveTo(160, 330, 300, 470, 420, 380);
      context.bezierCurveTo(500, 320, 560, 420, 640, 340);
    });
    line(6, '#c9ced4', () => context.arc(285, 95, 24, 0, 7));
    for (const turn of [0.7, 1.2, 1.8]) {
      context.save();
      context.translate(285, 95);
      context.rotate(turn);
      line(9, '#b08d3c', () => {
        context.moveTo(24, 0);
        context.lineTo(92, 0);
      });
      ellipse(34, 0, 15, 15, '#c9a248');
      context.fillStyle = '#b08d3c';
      for (const x of [66, 76, 86]) context.fillRect(x, 0, 5, 11);
      context.restore();
    }
  }
  grain();
  return canvas;
}
