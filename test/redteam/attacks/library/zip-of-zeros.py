# expect: limit .*|exception .*
# row: 56
import io
import zipfile


def f(x):
    made = io.BytesIO()
    with zipfile.ZipFile(made, 'w', zipfile.ZIP_DEFLATED) as archive:
        with archive.open('zeros', 'w', force_zip64=True) as out:
            for _ in range(400):
                out.write(bytes(2**20))
    return len(zipfile.ZipFile(made).read('zeros'))
